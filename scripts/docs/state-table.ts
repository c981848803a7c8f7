import { readFile, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { format } from 'oxfmt'
// Not through the room's index: the check should not wait for the database client.
import { lockReasons, statuses, transitions } from '../../server/src/membership/states.ts'
import { root } from '../env.ts'
import { runScript, ScriptError } from '../run-script.ts'

// Prints the states of a membership into ARCHITECTURE.md, from the table that the decision reads (npm run docs).

export const stateTableDocument = path.join(root, 'ARCHITECTURE.md')

const begin = '<!-- state table: begin (npm run docs) -->'
const end = '<!-- state table: end -->'
const column = { graceEndsAt: '`grace_ends_at`', currentPeriodEnd: '`current_period_end`' } as const

/** The two tables, as Markdown. */
export function renderStateTable(): string {
  const worth = Object.entries(statuses).map(([status, { meaning, opensUntil, withoutEnd, closed }]) => {
    const ends = opensUntil.map((one) => column[one])
    const opens =
      ends.length === 0
        ? 'never'
        : `until ${ends.join(', else ')}${withoutEnd === 'open' ? '; without either for ever' : ''}`
    return [`\`${status}\``, meaning, opens, `\`${lockReasons[closed]}\``]
  })
  const steps = transitions.map(({ from, to, what, sources }) => [
    from === null ? 'none' : `\`${from}\``,
    what,
    `\`${to}\``,
    sources.length === 3 ? 'any' : sources.map((source) => source.toLowerCase()).join(', '),
  ])
  return [
    table(['status', 'meaning', 'opens articles', 'else the reason is'], worth),
    'Before it begins, and where it ended no later than it began, it is nothing: `PLAN_REQUIRED`. Of several memberships that would have opened an article, the most telling says why it is locked: ' +
      `${Object.values(lockReasons)
        .map((reason) => `\`${reason}\``)
        .join(', ')}, in this order.`,
    table(['from', 'what happens', 'to', 'source'], steps),
  ].join('\n\n')
}

const table = (head: readonly string[], rows: readonly (readonly string[])[]): string =>
  [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n')

/**
 * A document with the present tables between its marks, formatted as `npm run format` would.
 *
 * @throws ScriptError when the marks are not there
 */
export async function documentWithStateTable(text: string): Promise<string> {
  const [from, to] = [text.indexOf(begin), text.indexOf(end)]
  if (from < 0 || to < from)
    throw new ScriptError(`ARCHITECTURE.md has no place for the states: "${begin}", then "${end}".`)
  const { code } = await format(stateTableDocument, renderStateTable())
  return `${text.slice(0, from)}${begin}\n\n${code}\n${text.slice(to)}`
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  await runScript(async () => {
    const kept = await readFile(stateTableDocument, 'utf8')
    const made = await documentWithStateTable(kept)
    if (made !== kept) await writeFile(stateTableDocument, made)
    console.log(
      made === kept ? 'ARCHITECTURE.md says what the code says.' : 'ARCHITECTURE.md: the states were printed anew.',
    )
  })
}
