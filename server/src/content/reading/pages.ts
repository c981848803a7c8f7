import type { ContentContext } from '../context.ts'
import type { QueryArticlesArgs, QueryBookmarksArgs } from '../../schema-types.ts'
import { badInput } from '../../lib/errors.ts'
import { acceptFirst, decodeCursor, encodeCursor } from '../../lib/pagination.ts'
import { acceptName } from '../../lib/text.ts'
import type { MemberReader } from '../../members/index.ts'
import { bookmarksOf, listArticleHeads } from './queries.ts'
import type { ArticleHead, ArticlePage } from '../types.ts'

/**
 * Returns a page of published articles. Uses keyset pagination, so publications during the traversal cause no gaps or repetitions.
 *
 * @throws BAD_USER_INPUT for an invalid page size, cursor or filter
 */
export async function articlePage(ctx: ContentContext, args: QueryArticlesArgs): Promise<ArticlePage> {
  const name = (argument: 'tag' | 'author' | 'series'): string | null => {
    const value = args[argument]
    return value === null || value === undefined ? null : acceptName(argument, value)
  }
  const filter = { tag: name('tag'), author: name('author'), series: name('series') }
  const first = claimPageSize(ctx, args.first)
  const scope = `articles ${JSON.stringify([filter.tag, filter.author, filter.series])}`
  const after = args.after == null ? null : decodeCursor(scope, args.after)
  const heads = await listArticleHeads(ctx.db, filter, { take: first + 1, after, now: ctx.now })
  return {
    edges: heads
      .slice(0, first)
      .map((node) => ({ node, cursor: encodeCursor(scope, { at: node.publishedAt, id: node.id }) })),
    hasNextPage: heads.length > first,
    hasPreviousPage: after !== null,
  }
}

/** Returns a page of a member's bookmarks, the latest first. The cursor is valid for this member only. */
export async function bookmarkPage(
  ctx: ContentContext,
  member: MemberReader,
  args: QueryBookmarksArgs,
): Promise<ArticlePage> {
  const first = claimPageSize(ctx, args.first)
  const scope = `bookmarks ${member.memberId}`
  const after = args.after == null ? null : decodeCursor(scope, args.after)
  const rows = await bookmarksOf(ctx.db, member.memberId, { take: first + 1, after, now: ctx.now })
  const shown = rows.slice(0, first)
  const heads = await ctx.content.headById.loadMany(shown.map(({ articleId }) => articleId))
  return {
    edges: shown.flatMap(({ articleId, createdAt }, index) => {
      const node = articleOrThrow(heads[index])
      return node ? [{ node, cursor: encodeCursor(scope, { at: createdAt, id: articleId }) }] : []
    }),
    hasNextPage: rows.length > first,
    hasPreviousPage: after !== null,
  }
}

/**
 * Returns the page size, and counts it towards the limit of the response.
 *
 * @throws BAD_USER_INPUT for an invalid size, or if the lists of the response exceed the limit
 */
function claimPageSize(ctx: ContentContext, asked: number | null | undefined): number {
  const first = acceptFirst(asked)
  if (!ctx.countRows(first))
    throw badInput('The lists of this response request too many articles in total. Request fewer at a time.')
  return first
}

/** Returns an article, or null if it was withdrawn between the two statements. Throws an error of the loader. */
function articleOrThrow(head: ArticleHead | Error | null | undefined): ArticleHead | null {
  if (head instanceof Error) throw head
  return head ?? null
}
