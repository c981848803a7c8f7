const day = /^\d{4}-\d{2}-\d{2}$/
const instant = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d{1,3})?)?(Z|[+-]\d{2}:\d{2})$/

/** A day (its beginning in UTC) or an instant with its offset, as people write them on a command line; null: it is neither. */
export function readInstant(text: string): Date | null {
  const read = new Date(text)
  if ((!day.test(text) && !instant.test(text)) || Number.isNaN(read.getTime())) return null
  // JavaScript takes 30 February for 2 March.
  const date = text.slice(0, 10)
  return new Date(`${date}T00:00:00Z`).toISOString().startsWith(date) ? read : null
}
