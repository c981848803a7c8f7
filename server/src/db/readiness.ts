import type { Database } from './client.ts'

/** Whether the database answers within a while. Never rejects. */
export async function isReachable(db: Database, withinMilliseconds: number): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<boolean>((resolve) => {
    timer = setTimeout(() => resolve(false), withinMilliseconds)
  })
  const answered = db.$queryRaw`SELECT 1`.then(
    () => true,
    () => false,
  )
  try {
    return await Promise.race([answered, late])
  } finally {
    clearTimeout(timer)
  }
}
