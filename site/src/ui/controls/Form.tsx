import { useId, type ReactNode } from 'react'
import { useAction } from './use-action.ts'
import * as button from './Button.module.css'
import * as css from './Form.module.css'

interface FormProps {
  readonly label: string
  readonly value: string
  readonly onChange: (value: string) => void
  /** The button is busy while the promise is pending. The message of an error is shown below. */
  readonly onSubmit: () => Promise<unknown>
  readonly children: ReactNode
}

/** A form with one field and its button. */
export function Form({ label, value, onChange, onSubmit, children }: FormProps) {
  const { busy, problem, run } = useAction(onSubmit)
  const [field, said] = [useId(), useId()]
  return (
    <form
      className={css.form}
      onSubmit={(event) => {
        event.preventDefault()
        run()
      }}
    >
      <label htmlFor={field}>{label}</label>
      <div className={css.line}>
        <input
          id={field}
          className={css.field}
          value={value}
          onChange={({ target }) => onChange(target.value)}
          required
          maxLength={100}
          autoComplete="off"
          autoCapitalize="characters"
          spellCheck={false}
          aria-invalid={problem !== null || undefined}
          aria-describedby={said}
        />
        <button
          type="submit"
          className={`${button.button} ${button.main}`}
          aria-disabled={busy || undefined}
          aria-busy={busy || undefined}
        >
          {children}
        </button>
      </div>
      <span id={said} role="alert" className={button.problem}>
        {problem}
      </span>
    </form>
  )
}
