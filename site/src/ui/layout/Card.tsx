import type { ReactNode } from 'react'
import * as css from './Card.module.css'

/** A box that is set apart from the text around it. */
export function Card({ children, alert = false, label }: { children: ReactNode; alert?: boolean; label?: string }) {
  return (
    <section aria-label={label} className={`${css.card} ${alert ? css.alert : ''}`}>
      {children}
    </section>
  )
}
