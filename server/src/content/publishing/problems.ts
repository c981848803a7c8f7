/** Something in an article's file that its writer has to change. */
export interface Problem {
  readonly path: string
  /** Counted from 1, in the file as it lies on the disk. */
  readonly line: number
  /** Never quotes the text: problems may be printed or logged where the article may not be read. */
  readonly message: string
}

export type ProblemAt = Omit<Problem, 'path'>

/** As editors and terminals make it a link: `essay.md:7: visibility: …`. */
export const formatProblem = ({ path, line, message }: Problem): string => `${path}:${line}: ${message}`
