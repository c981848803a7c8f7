export { createContentLoaders, type ContentLoaders } from './loaders.ts'
export { contentResolvers } from './resolvers.ts'
export { contentRules } from './rules.ts'
export type { ArticleHead, ArticleText } from './types.ts'
