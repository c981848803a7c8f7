import type { ReactNode } from 'react'
import * as css from './Page.module.css'

/** A page that is not an article: a title, a line below it, and what follows. */
export function Page({
  title,
  lead,
  children,
  narrow = false,
}: {
  title: string
  lead?: ReactNode
  children: ReactNode
  narrow?: boolean
}) {
  return (
    <div className={narrow ? css.narrow : undefined}>
      {/* The name of a tag or an author is in any script. */}
      <h1 className={css.title} dir="auto">
        {title}
      </h1>
      {lead ? <p className={css.lead}>{lead}</p> : null}
      {children}
    </div>
  )
}
