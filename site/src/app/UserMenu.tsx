import { useEffect, useRef, useState } from 'react'
import { Link } from 'gatsby'
import { useSession, type Person } from '../auth/session.tsx'
import { articlesPermission, useViewer } from '../membership/use-viewer.ts'
import { Button } from '../ui/controls/Button.tsx'
import * as css from './UserMenu.module.css'

/** The menu of a signed-in reader, or the button to sign in. The space is reserved before the session is known. */
export function UserMenu() {
  const { status, person, signIn } = useSession()
  return (
    <div className={css.place}>
      {status === 'pending' ? (
        <>
          <span className="if-nobody">
            <noscript>
              <span className={css.hint}>Sign-in needs JavaScript</span>
            </noscript>
          </span>
          <span className={`if-maybe ${css.someone}`} aria-hidden="true" />
        </>
      ) : person ? (
        <Menu person={person} />
      ) : (
        <Button onPress={() => signIn()}>Sign in</Button>
      )}
    </div>
  )
}

function Menu({ person }: { person: Person }) {
  const { signOut } = useSession()
  const { viewer } = useViewer()
  const details = useRef<HTMLDetailsElement>(null)
  useClosing(details)
  const name = viewer?.name ?? person.name
  const close = () => {
    if (details.current) details.current.open = false
  }
  return (
    <details ref={details} className={css.menu}>
      <summary className={css.summary}>
        <Picture person={person} />
        <span className={css.label}>{name}</span>
      </summary>
      <div className={css.panel}>
        <p className={css.who}>
          Signed in as <strong>{name}</strong>
        </p>
        <ul onClick={close}>
          <li>
            <Link to="/account/">Account and bookmarks</Link>
          </li>
          {viewer?.permissions.includes(articlesPermission) ? (
            <li>
              <Link to="/desk/">Desk</Link>
            </li>
          ) : null}
        </ul>
        <Button look="plain" onPress={signOut}>
          Sign out
        </Button>
      </div>
    </details>
  )
}

/** Shows the reader's picture. Without one, or if the page's policy blocks its host, it shows the first letter of the name. */
function Picture({ person: { picture, name } }: { person: Person }) {
  const [missing, setMissing] = useState<string | null>(null)
  if (picture && picture !== missing)
    return (
      <img
        className={css.picture}
        src={picture}
        alt=""
        width="32"
        height="32"
        referrerPolicy="no-referrer"
        onError={() => setMissing(picture)}
      />
    )
  return (
    <span className={css.picture} aria-hidden="true">
      {name.slice(0, 1).toUpperCase()}
    </span>
  )
}

/** Closes the menu on Escape and on a press outside it. */
function useClosing(details: { readonly current: HTMLDetailsElement | null }): void {
  useEffect(() => {
    const close = (giveFocus: boolean) => {
      const menu = details.current
      if (!menu?.open) return
      menu.open = false
      if (giveFocus) menu.querySelector('summary')?.focus()
    }
    const onKey = ({ key }: KeyboardEvent) => {
      if (key === 'Escape') close(true)
    }
    const onPointer = ({ target }: PointerEvent) => {
      if (target instanceof Node && !details.current?.contains(target)) close(false)
    }
    document.addEventListener('keydown', onKey)
    document.addEventListener('pointerdown', onPointer)
    return () => {
      document.removeEventListener('keydown', onKey)
      document.removeEventListener('pointerdown', onPointer)
    }
  }, [details])
}
