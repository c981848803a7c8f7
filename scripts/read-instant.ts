const day = /^\d{4}-\d{2}-\d{2}$/
const instant = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d{1,3})?)?(Z|[+-]\d{2}:\d{2})$/

/** Parses a day (its start in UTC) or an instant with an offset. Returns null for any other text. */
export function readInstant(text: string): Date | null {
  const read = new Date(text)
  if ((!day.test(text) && !instant.test(text)) || Number.isNaN(read.getTime())) return null
  // JavaScript parses 30 February as 2 March.
  const date = text.slice(0, 10)
  return new Date(`${date}T00:00:00Z`).toISOString().startsWith(date) ? read : null
}
