import type { ReactNode } from 'react'
import * as css from './Page.module.css'

/** The frame of a page that is not an article: a title, a line below it, and the content. */
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
      {/* The name of a tag or an author may be in any script. */}
      <h1 className={css.title} dir="auto">
        {title}
      </h1>
      {lead ? <p className={css.lead}>{lead}</p> : null}
      {children}
    </div>
  )
}
