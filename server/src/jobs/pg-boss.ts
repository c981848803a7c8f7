import { PgBoss, type ConstructorOptions } from 'pg-boss'

/** The part of a `pg` pool that jobs need. */
export interface JobDatabase {
  query<Row extends object>(sql: string, values?: unknown[]): Promise<{ rows: Row[] }>
}

/**
 * Creates a pg-boss instance on the tables that the migrations create. It is not started.
 *
 * @param options default: no supervision of jobs, for a process that only reads and changes the queue
 */
export const createBoss = (database: JobDatabase, options: ConstructorOptions = { supervise: false }): PgBoss =>
  new PgBoss({
    db: { executeSql: (sql, values) => database.query(sql, values) },
    migrate: false,
    // Its schedules use the database's clock.
    schedule: false,
    registerInstance: false,
    ...options,
  })
