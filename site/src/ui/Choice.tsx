import { useId, type ReactNode } from 'react'
import * as css from './Choice.module.css'

interface ChoiceProps<Value extends string> {
  /** What is chosen, for ears. */
  readonly legend: string
  readonly value: Value
  readonly options: readonly { readonly value: Value; readonly label: ReactNode }[]
  readonly onChange: (value: Value) => void
}

/** One of a few, side by side: radio buttons, with all that the browser knows of them. */
export function Choice<Value extends string>({ legend, value, options, onChange }: ChoiceProps<Value>) {
  const name = useId()
  return (
    <fieldset className={css.choice}>
      <legend className="for-ears">{legend}</legend>
      {options.map((option) => (
        <label key={option.value} className={css.option}>
          <input
            type="radio"
            className={css.radio}
            name={name}
            value={option.value}
            checked={option.value === value}
            onChange={() => onChange(option.value)}
          />
          <span className={css.label}>{option.label}</span>
        </label>
      ))}
    </fieldset>
  )
}
