import { query } from '../../server/test/support/query.ts'

/** A rule of the database, and the SQL that removes it. */
interface DatabaseGuard {
  readonly name: string
  readonly sql: string
}

/** Returns the checks, unique constraints, foreign keys and triggers of all tables. Primary keys are left out. */
export async function databaseGuards(url: string): Promise<DatabaseGuard[]> {
  const rows = await query<DatabaseGuard>(
    url,
    `
    SELECT 'constraint ' || conname AS name,
      format('ALTER TABLE %s DROP CONSTRAINT %I', conrelid::regclass, conname) AS sql
    FROM pg_constraint WHERE connamespace = 'public'::regnamespace AND contype IN ('c', 'f', 'u') AND conparentid = 0
    UNION ALL
    SELECT 'unique ' || indexrelid::regclass, format('DROP INDEX %s', indexrelid::regclass)
    FROM pg_index JOIN pg_class ON pg_class.oid = indexrelid
    WHERE indisunique AND NOT indisprimary AND relnamespace = 'public'::regnamespace
      AND NOT EXISTS (SELECT FROM pg_constraint WHERE conindid = indexrelid AND contype = 'u')
    UNION ALL
    SELECT 'trigger ' || tgname || ' on ' || tgrelid::regclass, format('DROP TRIGGER %I ON %s', tgname, tgrelid::regclass)
    FROM pg_trigger WHERE NOT tgisinternal
    ORDER BY name`,
  )
  return rows.filter(({ sql }) => !sql.includes('_migration'))
}
