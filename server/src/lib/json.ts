/** A JSON object whose members are not checked yet. */
export type JsonObject = Readonly<Record<string, unknown>>

/** Returns whether a value is an object and not a list. */
export const isObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

export const asObject = (value: unknown): JsonObject | null => (isObject(value) ? value : null)
