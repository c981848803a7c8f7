import { Link } from 'gatsby'
import * as css from './Pager.module.css'

export interface Paging {
  readonly page: number
  readonly pages: number
  /** Address of page 1. */
  readonly base: string
}

/** Through a list that is split over several pages: addresses, so that it works without scripts. */
export function Pager({
  paging: { page, pages, base },
  words = ['Newer', 'Older'],
}: {
  paging: Paging
  words?: readonly [back: string, on: string]
}) {
  if (pages < 2) return null
  const addressOf = (number: number) => (number === 1 ? base : `${base}page/${number}/`)
  return (
    <nav aria-label="Pages" className={css.pager}>
      {page > 1 ? (
        <Link to={addressOf(page - 1)} rel="prev">
          {words[0]}
        </Link>
      ) : (
        <span />
      )}
      <span>
        Page {page} of {pages}
      </span>
      {page < pages ? (
        <Link to={addressOf(page + 1)} rel="next">
          {words[1]}
        </Link>
      ) : (
        <span />
      )}
    </nav>
  )
}
