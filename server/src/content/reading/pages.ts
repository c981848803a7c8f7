import type { ContentContext } from '../context.ts'
import type { QueryArticlesArgs, QueryBookmarksArgs } from '../../schema-types.ts'
import { badInput } from '../../lib/errors.ts'
import { acceptFirst, decodeCursor, encodeCursor } from '../../lib/pagination.ts'
import { acceptName } from '../../lib/text.ts'
import type { MemberReader } from '../../members/index.ts'
import { bookmarksOf, listArticleHeads } from './queries.ts'
import type { ArticleHead, ArticlePage } from '../types.ts'

/**
 * A page by keyset: what is published or withdrawn while somebody walks through never makes a page skip or repeat.
 *
 * @throws BAD_USER_INPUT for a page size, a cursor or a filter that cannot be
 */
export async function articlePage(ctx: ContentContext, args: QueryArticlesArgs): Promise<ArticlePage> {
  const name = (argument: 'tag' | 'author' | 'series'): string | null => {
    const value = args[argument]
    return value === null || value === undefined ? null : acceptName(argument, value)
  }
  const filter = { tag: name('tag'), author: name('author'), series: name('series') }
  const first = takeFirst(ctx, args.first)
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

/** A member's bookmarks, the latest first; the cursor is of that member's list alone. */
export async function bookmarkPage(
  ctx: ContentContext,
  member: MemberReader,
  args: QueryBookmarksArgs,
): Promise<ArticlePage> {
  const first = takeFirst(ctx, args.first)
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
 * The page size, out of what the lists of one answer may hold together.
 *
 * @throws BAD_USER_INPUT
 */
function takeFirst(ctx: ContentContext, asked: number | null | undefined): number {
  const first = acceptFirst(asked)
  if (!ctx.takeRows(first))
    throw badInput('The lists of this response request too many articles in total. Request fewer at a time.')
  return first
}

/** An article that was withdrawn between the two statements is null. */
function articleOrThrow(head: ArticleHead | Error | null | undefined): ArticleHead | null {
  if (head instanceof Error) throw head
  return head ?? null
}
