import type { ProblemAt } from '../problems.ts'

/** A value of the front matter. Scalars are kept as text. The field decides how to parse them. */
export type Value = string | readonly Value[] | ReadonlyMap<string, Value>

/** The parsed front matter of one file, in YAML, JSON or TOML. */
export interface Block {
  readonly entries: ReadonlyMap<string, Value>
  /** Returns the line of a key or of an entry of its list, or 1 if it is missing. */
  readonly lineOf: (key: string, index?: number) => number
  readonly warnings: readonly ProblemAt[]
}
