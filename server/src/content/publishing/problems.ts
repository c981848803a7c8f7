/** Something in an article's file that its writer has to change, or is told. */
export interface Problem {
  readonly path: string
  /** Counted from 1, in the file as it lies on the disk. */
  readonly line: number
  /** Never quotes the text: problems may be printed or logged where the article may not be read. */
  readonly message: string
  /** A warning that is the same in every file of a site: a run prints it once, with the first file and the number of others. */
  readonly oncePerRun?: true
}

export type ProblemAt = Omit<Problem, 'path'>

/** As editors and terminals make it a link: `essay.md:7: visibility: …`. */
export const formatProblem = ({ path, line, message }: Problem): string => `${path}:${line}: ${message}`
