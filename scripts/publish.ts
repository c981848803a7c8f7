import { createInterface } from 'node:readline/promises'
import { parseArgs } from 'node:util'
import {
  articlesForComparison,
  findOtherSpellings,
  findUnknownPlans,
  formatProblem,
  publishArticle,
  type OtherSpelling,
  type PreparedArticle,
  type Problem,
} from '../server/src/content/publishing/index.ts'
import type { Database } from '../server/src/db/index.ts'
import type { Clock } from '../server/src/lib/clock.ts'
import { CodedError } from '../server/src/lib/errors.ts'
import { businessClock } from './business-now.ts'
import { readScriptSettings } from './env.ts'
import { withDatabase } from './local/with-database.ts'
import { compareArticle, type Change } from './publish/compare.ts'
import { readBatch } from './publish/files.ts'
import { runScript } from './run-script.ts'

const usage = `npm run publish -- <file or folder>… [--yes] [--dry-run] [--rename]

Publishes articles from Markdown files with front matter, each under its slug. The command is idempotent.
It shows the changes and asks before it publishes. With --yes it does not ask. With --dry-run it only shows the changes. If a file
has an error, all errors are listed by file and line, and nothing is published.

Front matter of Hugo, Jekyll, Astro, Eleventy, Gatsby, Ghost, Hexo and Docusaurus is accepted, in YAML or TOML. Each unknown key
causes one warning. The dry run shows the values read from each file. If an author, a series or a tag is spelled differently in
other articles, their spelling is kept. With --rename all articles get the spelling of the files.`

type Consent = 'yes' | 'ask' | 'dry run' | 'nobody to ask'

async function main(): Promise<number> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      yes: { type: 'boolean' },
      'dry-run': { type: 'boolean' },
      rename: { type: 'boolean' },
      help: { type: 'boolean', short: 'h' },
    },
  })
  if (values.help || positionals.length === 0) {
    console.log(usage)
    return values.help ? 0 : 1
  }
  const consent = values['dry-run'] ? 'dry run' : values.yes ? 'yes' : process.stdin.isTTY ? 'ask' : 'nobody to ask'
  const rename = values.rename ?? false
  const settings = readScriptSettings()
  const { articles, problems, warnings } = await readBatch(positionals, settings.publishing)
  const clock = await businessClock(settings)
  const work = async (db: Database): Promise<number> => {
    const all = [...problems, ...(await findUnknownPlans(db, articles))]
    if (all.length > 0) return refuse(all)
    warn([...warnings, ...spellingWarnings(await findOtherSpellings(db, articles), rename)])
    const changes = await compareAll(db, articles, clock.business())
    show(changes, consent === 'dry run')
    const due = changes.filter(({ kind }) => kind !== 'unchanged')
    if (due.length === 0) return 0
    if (!(await agrees(consent))) {
      console.log(`Nothing was published${refusals[consent]}.`)
      return consent === 'nobody to ask' ? 1 : 0
    }
    return publishAll(db, due, { clock, rename })
  }
  return withDatabase(work, { settings })
}

const refusals = {
  yes: '',
  ask: '',
  'dry run': ' because of --dry-run (--yes publishes)',
  'nobody to ask': ' because there is no terminal to confirm in (--yes publishes, --dry-run shows the changes)',
} satisfies Record<Consent, string>

function refuse(problems: readonly Problem[]): number {
  for (const problem of problems) console.error(formatProblem(problem))
  console.error('Nothing was published.')
  return 1
}

function warn(warnings: readonly Problem[]): void {
  for (const warning of warnings) console.warn(`warning: ${formatProblem(warning)}`)
}

/** Returns warnings about names that other articles spell differently. */
function spellingWarnings(found: readonly OtherSpelling[], rename: boolean): Problem[] {
  return found.map(({ others, message, ...place }) => {
    const articles = `${others} other ${others === 1 ? 'article' : 'articles'}`
    const outcome = rename ? `renamed in ${articles}` : `kept, as in ${articles} (--rename changes it)`
    return { ...place, message: `${message}: ${outcome}` }
  })
}

/** Compares a few articles at a time, because the comparison loads whole texts. */
async function compareAll(db: Database, articles: readonly PreparedArticle[], now: Date): Promise<Change[]> {
  const changes: Change[] = []
  for (let start = 0; start < articles.length; start += 50) {
    const some = articles.slice(start, start + 50)
    const stored = await articlesForComparison(
      db,
      some.map(({ slug }) => slug),
      now,
    )
    changes.push(...some.map((article) => compareArticle(article, stored.get(article.slug))))
  }
  return changes
}

function show(changes: readonly Change[], isDryRun: boolean): void {
  const count = { create: 0, update: 0, unchanged: 0 }
  for (const { kind, article, lines, understood } of changes) {
    count[kind] += 1
    if (kind === 'unchanged' && !isDryRun) continue
    console.log(`${kind} ${article.slug} (${article.path})`)
    const shown =
      isDryRun && kind !== 'create' ? [...understood, ...(lines.length > 0 ? ['changes:'] : []), ...lines] : lines
    for (const line of shown) console.log(`    ${line}`)
  }
  console.log(`${count.create} to create, ${count.update} to update, ${count.unchanged} unchanged.`)
}

async function agrees(consent: Consent): Promise<boolean> {
  if (consent !== 'ask') return consent === 'yes'
  const terminal = createInterface({ input: process.stdin, output: process.stdout })
  // Without this the question would never resolve after the end of the input, which is not a confirmation.
  const closed = new Promise<string>((resolve) => terminal.once('close', () => resolve('')))
  const answer = await Promise.race([terminal.question('Publish? [y/N] '), closed])
  terminal.close()
  return /^y(es)?$/i.test(answer.trim())
}

/** Publishes each article in its own transaction. A conflict stops only that article. */
async function publishAll(
  db: Database,
  changes: readonly Change[],
  { clock, rename }: { readonly clock: Clock; readonly rename: boolean },
): Promise<number> {
  let failed = 0
  for (const { article, seenHash } of changes) {
    try {
      const { outcome, builtSiteKeeps } = await publishArticle(db, article, clock.business(), { seenHash, rename })
      console.log(`${outcome} ${article.slug}${visibleFrom(article.publishedAt, clock.business())}`)
      if (builtSiteKeeps !== null) {
        const what = builtSiteKeeps === 'text' ? 'the whole text' : 'the teaser'
        console.log(`    The API no longer returns it to everyone. The built site shows ${what} until its next build.`)
      }
    } catch (error) {
      if (!(error instanceof CodedError)) throw error
      failed += 1
      console.error(`not published: ${article.slug}: ${error.message}`)
    }
  }
  return failed > 0 ? 1 : 0
}

/** Returns a note if readers cannot see the article now. */
function visibleFrom(publishedAt: Date | null, now: Date): string {
  if (publishedAt === null) return ' (draft, not visible to readers)'
  return publishedAt > now ? ` (scheduled, visible to readers from ${publishedAt.toISOString()})` : ''
}

await runScript(async () => {
  process.exitCode = await main()
})
