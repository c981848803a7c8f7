import { readFile, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { db } from './rows.ts'

const file = path.join(import.meta.dirname, 'database-rules.txt')

/** Returns the rules of database-rules.txt, without its header. */
export async function reviewedRules(): Promise<string[]> {
  return (await lines()).filter((line) => line !== '' && !isHeader(line))
}

/** Writes the rules below the header of database-rules.txt. */
export async function renewReviewedRules(rules: readonly string[]): Promise<void> {
  const header = (await lines()).filter(isHeader)
  await writeFile(file, [...header, '', ...rules, ''].join('\n'))
}

const lines = async (): Promise<string[]> => (await readFile(file, 'utf8')).split('\n')
const isHeader = (line: string): boolean => line.startsWith('#')

/**
 * Returns the rules of all tables as `table: definition`, sorted. NOT NULL is left out, because only newer versions of PostgreSQL list
 * it here, and prisma/schema.prisma shows it.
 */
export async function rulesOfDatabase(): Promise<string[]> {
  const rules = await db.$queryRaw<{ rule: string }[]>`
    WITH rules (of, definition) AS (
      SELECT conrelid, format('CONSTRAINT %I %s', conname, pg_get_constraintdef(oid, true))
      FROM pg_constraint WHERE contype IN ('c', 'f', 'p', 'u', 'x')
      UNION ALL
      SELECT indrelid, pg_get_indexdef(indexrelid, 0, true)
      FROM pg_index
      WHERE indisunique
        AND NOT EXISTS (SELECT FROM pg_constraint WHERE conindid = indexrelid AND contype IN ('p', 'u', 'x'))
      UNION ALL
      SELECT tgrelid, pg_get_triggerdef(oid, true) || CASE tgenabled WHEN 'O' THEN '' ELSE ' DISABLED' END
      FROM pg_trigger WHERE NOT tgisinternal
    )
    SELECT relname || ': ' || definition AS rule FROM rules JOIN pg_class ON oid = of
    WHERE relnamespace = 'public'::regnamespace AND relname <> '_prisma_migrations'`
  return rules.map(({ rule }) => rule).toSorted()
}
