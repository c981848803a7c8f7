import { readFile, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { format } from 'oxfmt'
// Not imported through the room's index, which loads the database client.
import { lockReasons, statuses, transitions } from '../../server/src/membership/states.ts'
import { root } from '../env.ts'
import { runScript, ScriptError } from '../run-script.ts'

// `npm run docs` writes the states of a membership into a document, from the table that the access decision reads.

/** The document, relative to the project's folder. */
export const stateTableName = 'docs/architecture/membership.md'
export const stateTableDocument = path.join(root, stateTableName)

const begin = '<!-- state table: begin (npm run docs) -->'
const end = '<!-- state table: end -->'
const column = { graceEndsAt: '`grace_ends_at`', currentPeriodEnd: '`current_period_end`' } as const

/** Returns the two tables as Markdown. */
function renderStateTable(): string {
  const statusRows = Object.entries(statuses).map(([status, { meaning, opensUntil, withoutEnd, whenClosed }]) => {
    const ends = opensUntil.map((one) => column[one])
    const opens =
      ends.length === 0
        ? 'never'
        : `until ${ends.join(', else until ')}${withoutEnd === 'open' ? '; without end if neither is set' : ''}`
    return [`\`${status}\``, meaning, opens, `\`${lockReasons[whenClosed]}\``]
  })
  const steps = transitions.map(({ from, to, what, sources }) => [
    from === null ? 'none' : `\`${from}\``,
    what,
    `\`${to}\``,
    sources.length === 3 ? 'any' : sources.map((source) => source.toLowerCase()).join(', '),
  ])
  return [
    table(['status', 'meaning', 'opens articles', 'reason otherwise'], statusRows),
    'A membership that has not started, or that ended no later than it started, counts as none: `PLAN_REQUIRED`. If several memberships would\n' +
      'have opened an article, the reason is the first of these that applies: ' +
      `${Object.values(lockReasons)
        .map((reason) => `\`${reason}\``)
        .join(', ')}.`,
    table(['from', 'cause', 'to', 'source'], steps),
  ].join('\n\n')
}

const table = (head: readonly string[], rows: readonly (readonly string[])[]): string =>
  [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n')

/**
 * Replaces the tables between the marks of a document, formatted as `npm run format` does.
 *
 * @returns the new text
 * @throws ScriptError if the document has no marks
 */
export async function documentWithStateTable(text: string): Promise<string> {
  const [from, to] = [text.indexOf(begin), text.indexOf(end)]
  if (from < 0 || to < from) throw new ScriptError(`${stateTableName} lacks the lines "${begin}" and "${end}".`)
  const { code } = await format(stateTableDocument, renderStateTable())
  return `${text.slice(0, from)}${begin}\n\n${code}\n${text.slice(to)}`
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  await runScript(async () => {
    const kept = await readFile(stateTableDocument, 'utf8')
    const made = await documentWithStateTable(kept)
    if (made !== kept) await writeFile(stateTableDocument, made)
    console.log(`${stateTableName}: ${made === kept ? 'up to date' : 'updated'}`)
  })
}
