import type { ContentContext } from './context.ts'
import type {
  MutationAddBookmarkArgs,
  MutationRemoveBookmarkArgs,
  QueryArticleArgs,
  QueryArticlesArgs,
  QueryBookmarksArgs,
} from '../schema-types.ts'
import { CodedError, notFound } from '../lib/errors.ts'
import { acceptName, isId } from '../lib/text.ts'
import { addBookmark, currentMember, removeBookmark } from '../members/index.ts'
import { directionOf } from './reading/direction.ts'
import { articlePage, bookmarkPage } from './reading/pages.ts'
import type { ArticleHead, ArticlePage, ArticleText } from './types.ts'

export const contentResolvers = {
  Query: {
    articles: (_parent: unknown, args: QueryArticlesArgs, ctx: ContentContext) => articlePage(ctx, args),
    article: (_parent: unknown, { slug }: QueryArticleArgs, ctx: ContentContext) =>
      ctx.content.headBySlug.load(acceptName('slug', slug)),
    bookmarks: async (_parent: unknown, args: QueryBookmarksArgs, ctx: ContentContext) =>
      bookmarkPage(ctx, await currentMember(ctx), args),
  },
  Mutation: {
    addBookmark: async (_parent: unknown, { articleId }: MutationAddBookmarkArgs, ctx: ContentContext) => {
      const [member, article] = await Promise.all([currentMember(ctx), publishedArticle(ctx, articleId)])
      await addBookmark(ctx.db, member.memberId, article.id, ctx.now)
      // An earlier field of the same operation may have cached the previous state.
      ctx.members.bookmarked.clear(article.id).prime(article.id, true)
      return article
    },
    removeBookmark: async (_parent: unknown, { articleId }: MutationRemoveBookmarkArgs, ctx: ContentContext) => {
      const [member, article] = await Promise.all([currentMember(ctx), publishedArticle(ctx, articleId)])
      await removeBookmark(ctx.db, member.memberId, article.id)
      ctx.members.bookmarked.clear(article.id).prime(article.id, false)
      return article
    },
  },
  Article: {
    preview: ({ previewHtml }: ArticleHead, _args: unknown, ctx: ContentContext) => ctx.countText(previewHtml),
    direction: ({ lang }: ArticleHead) => directionOf(lang),
    visibility: async ({ id }: ArticleHead, _args: unknown, ctx: ContentContext) =>
      requireRow(await ctx.membership.requirement.load(id)).visibility,
    author: async ({ authorId }: ArticleHead, _args: unknown, ctx: ContentContext) =>
      requireRow(await ctx.content.author.load(authorId)),
    tags: ({ id }: ArticleHead, _args: unknown, ctx: ContentContext) => ctx.content.tagsOfArticle.load(id),
    series: ({ seriesId }: ArticleHead, _args: unknown, ctx: ContentContext) =>
      seriesId === null ? null : ctx.content.series.load(seriesId),
    access: async ({ id }: ArticleHead, _args: unknown, ctx: ContentContext) => (await ctx.decide(id)).access,
    bookmarked: ({ id }: ArticleHead, _args: unknown, ctx: ContentContext) => ctx.members.bookmarked.load(id),
    body: async ({ id, sourceHash }: ArticleHead, _args: unknown, ctx: ContentContext) => {
      const { grant } = await ctx.decide(id)
      // The rule refuses readers without a grant. This check holds even if the rule is missing.
      if (grant === null) throw new Error('Article.body was resolved without a grant')
      const text = await ctx.content.body.load(grant)
      // The head and the body must be of the same version.
      return text?.sourceHash === sourceHash ? text : throwChanging()
    },
  },
  ArticleBody: {
    html: ({ html }: ArticleText, _args: unknown, ctx: ContentContext) => ctx.countText(html),
    rest: ({ rest }: ArticleText, _args: unknown, ctx: ContentContext) => ctx.countText(rest),
  },
  ArticleConnection: {
    edges: ({ edges }: ArticlePage) => [...edges],
    nodes: ({ edges }: ArticlePage) => edges.map(({ node }) => node),
    pageInfo: ({ edges, hasNextPage, hasPreviousPage }: ArticlePage) => ({
      hasNextPage,
      hasPreviousPage,
      startCursor: edges[0]?.cursor ?? null,
      endCursor: edges.at(-1)?.cursor ?? null,
    }),
  },
}

/** Returns a published article. @throws NOT_FOUND for an unknown or unpublished article */
async function publishedArticle(ctx: ContentContext, articleId: string): Promise<ArticleHead> {
  const id = acceptName('articleId', articleId)
  const article = isId(id) ? await ctx.content.headById.load(id.toLowerCase()) : null
  if (!article) throw notFound('article')
  return article
}

/** Refuses a body whose article was replaced or withdrawn after the decision. @throws SERVICE_UNAVAILABLE */
function throwChanging(): never {
  throw new CodedError('SERVICE_UNAVAILABLE', 'This article is being changed. Try again.')
}

/** Returns a row that a foreign key or another constraint guarantees. @throws Error if it is missing */
function requireRow<T>(value: T | null): T {
  if (value === null) throw new Error('a row that the database guarantees is missing')
  return value
}
