import type { ReactNode } from 'react'
import * as css from './Notices.module.css'

/** What it says, and what can be done about it. */
export function NoticeBox({ text, children }: { text: string; children: ReactNode }) {
  return (
    <div className={css.notice} data-notice>
      <p>{text}</p>
      <div className={css.actions}>{children}</div>
    </div>
  )
}
