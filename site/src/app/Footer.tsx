import { Link } from 'gatsby'
import { addressOfIndex, archivePage } from '../addresses/addresses.ts'
import { site } from '../env.ts'
import * as css from './Footer.module.css'

export function Footer() {
  return (
    <footer className={css.footer}>
      <div className={css.inner}>
        <p>
          {site.name}. {site.tagline}
        </p>
        <nav aria-label="More">
          <ul className={css.links}>
            <li>
              <Link to={archivePage}>Archive</Link>
            </li>
            <li>
              <Link to={addressOfIndex('series')}>Series</Link>
            </li>
            <li>
              <Link to={addressOfIndex('author')}>Authors</Link>
            </li>
            <li>
              <Link to={addressOfIndex('tag')}>Tags</Link>
            </li>
            <li>
              <Link to="/plans/">Plans</Link>
            </li>
            <li>
              <Link to="/account/">Account</Link>
            </li>
            <li>
              <Link to="/ping/">Is it working?</Link>
            </li>
          </ul>
        </nav>
      </div>
    </footer>
  )
}
