// The way in for the scripts and the seed. The room's own index.ts leaves it out: reading Markdown is no part of a request.
export { publishArticle, type PublishOptions, type PublishResult } from './commands.ts'
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
