// The interface for the scripts and the seed. The room's index.ts does not export it, because requests do not parse Markdown.
export { publishArticle } from './commands.ts'
export { noDefaults, type PublishingDefaults } from './front-matter/front-matter.ts'
export { parseLanguage } from './front-matter/language.ts'
export type { LinkTo } from './markdown/links.ts'
export { articleHead, prepareArticle, type PreparedArticle, type Refused } from './prepare.ts'
export { formatProblem, type Problem } from './problems.ts'
export {
  articlesForComparison,
  findOtherSpellings,
  findUnknownPlans,
  type OtherSpelling,
  type StoredForComparison,
} from './queries.ts'
export { readSource } from './source.ts'
export { parseVisibility, visibilityAsWritten } from './front-matter/visibility.ts'
