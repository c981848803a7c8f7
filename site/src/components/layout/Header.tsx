import { Link } from 'gatsby'
import { site } from '../../env.ts'
import { ThemeButton } from './ThemeButton.tsx'
import { UserMenu } from './UserMenu.tsx'
import * as css from './Header.module.css'

export function Header() {
  return (
    <header className={css.header}>
      <div className={css.inner}>
        <Link to="/" className={css.name}>
          {site.name}
        </Link>
        <nav aria-label="Site" className={css.nav}>
          <Link to="/plans/">Plans</Link>
        </nav>
        <ThemeButton />
        <div className={css.user}>
          <UserMenu />
        </div>
      </div>
    </header>
  )
}
