import { Children, type ReactNode } from 'react'
import * as css from './Meta.module.css'

/** Facts about an article, in a row. */
export function Meta({ children }: { children: ReactNode }) {
  return (
    <p className={css.meta}>
      {Children.map(children, (fact) => (
        <span>{fact}</span>
      ))}
    </p>
  )
}
