import * as css from './Json.module.css'

/** A value as JSON, to read and to copy. It scrolls in itself, and so can be focused. */
export function Json({ value, label }: { value: unknown; label: string }) {
  return (
    <pre className={css.json} tabIndex={0} role="region" aria-label={label}>
      {JSON.stringify(value, null, 2)}
    </pre>
  )
}
