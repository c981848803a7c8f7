/** A problem or a warning about an article's file, for its writer. */
export interface Problem {
  readonly path: string
  /** Counted from 1 in the file. */
  readonly line: number
  /** Never quotes the text, because problems may be printed or logged in public. */
  readonly message: string
  /** Set for a warning that repeats in every file of a site. A run prints it once, with the first file and the number of others. */
  readonly oncePerRun?: true
}

export type ProblemAt = Omit<Problem, 'path'>

/** Formats a problem so that editors and terminals link it: `essay.md:7: visibility: …`. */
export const formatProblem = ({ path, line, message }: Problem): string => `${path}:${line}: ${message}`
