import { Link } from 'gatsby'
import { addressOfPage, type Paging } from '../../addresses/addresses.ts'
import * as css from './Pager.module.css'

/** Links through a list that is split over several pages. */
export function Pager({
  paging: { page, pages, base },
  words = ['Newer', 'Older'],
}: {
  paging: Paging
  words?: readonly [back: string, on: string]
}) {
  if (pages < 2) return null
  return (
    <nav aria-label="Pages" className={css.pager}>
      {page > 1 ? (
        <Link to={addressOfPage(base, page - 1)} rel="prev">
          {words[0]}
        </Link>
      ) : (
        <span />
      )}
      <span>
        Page {page} of {pages}
      </span>
      {page < pages ? (
        <Link to={addressOfPage(base, page + 1)} rel="next">
          {words[1]}
        </Link>
      ) : (
        <span />
      )}
    </nav>
  )
}
