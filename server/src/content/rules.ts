import type { ContentContext } from './context.ts'
import { badInput } from '../lib/errors.ts'
import { allow, rule, type RuleMap } from '../lib/shield.ts'
import { isMember, readerRule, requireMember } from '../members/index.ts'
import { refusalOf } from '../membership/index.ts'
import type { ArticleHead } from './types.ts'

/** With TEASERS=members, anonymous readers see no articles, not even titles. */
const canSeeTeasers = readerRule('canSeeTeasers', async (ctx: ContentContext) =>
  ctx.teasers === 'public' ? true : requireMember(ctx),
)

const canReadBody = rule('canReadBody')(async (article: ArticleHead, _args, ctx: ContentContext) => {
  const { access } = await ctx.decide(article.id)
  if (!access.granted) return refusalOf(access)
  return ctx.countBody() || badInput('The response would contain too many article bodies. Request fewer at a time.')
})

const named = { id: allow, slug: allow, name: allow }

export const contentRules: RuleMap = {
  Query: { articles: canSeeTeasers, article: canSeeTeasers, bookmarks: isMember },
  Mutation: { addBookmark: isMember, removeBookmark: isMember },
  Article: {
    id: allow,
    slug: allow,
    title: allow,
    excerpt: allow,
    preview: allow,
    visibility: allow,
    author: allow,
    tags: allow,
    series: allow,
    publishedAt: allow,
    lang: allow,
    direction: allow,
    readingMinutes: allow,
    access: allow,
    bookmarked: allow,
    body: canReadBody,
  },
  ArticleBody: { html: allow, rest: allow },
  Author: named,
  Tag: named,
  Series: named,
  ArticleConnection: { edges: allow, nodes: allow, pageInfo: allow },
  ArticleEdge: { cursor: allow, node: allow },
}
