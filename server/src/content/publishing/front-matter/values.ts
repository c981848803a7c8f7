import type { ProblemAt } from '../problems.ts'

/** A value of the front matter. Every scalar is the text of the file. Its key decides what it means. */
export type Value = string | readonly Value[] | ReadonlyMap<string, Value>

/** The parsed front matter of one file, in YAML, JSON or TOML. */
export interface Block {
  readonly entries: ReadonlyMap<string, Value>
  /** The line of a key, or of the entry of a list; 1 for what is not there. */
  readonly lineOf: (key: string, index?: number) => number
  readonly warnings: readonly ProblemAt[]
}
