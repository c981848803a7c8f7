import { Link } from 'gatsby'
import { site } from '../env.ts'
import { EmptyFallback, part } from '../ui/part.tsx'
import { ThemeButton } from './ThemeButton.tsx'
import { UserMenu } from './UserMenu.tsx'
import * as css from './Header.module.css'

const Theme = part<object>(EmptyFallback)('theme', ThemeButton)
const User = part<object>(EmptyFallback)('user-menu', UserMenu)

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
        <Theme />
        <div className={css.user}>
          <User />
        </div>
      </div>
    </header>
  )
}
