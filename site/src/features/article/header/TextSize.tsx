import { Button } from '../../../ui/controls/Button.tsx'
import { sizes, usePreferences, type Preferences } from '../../../ui/preferences.ts'
import * as css from './TextSize.module.css'

export function TextSize() {
  const [{ size }, change] = usePreferences()

  return (
    <div role="group" aria-label="Text size" className={css.sizes}>
      <Step to={size - 1} change={change} letter={css.smaller}>
        Smaller text
      </Step>
      <Step to={size + 1} change={change} letter={css.larger}>
        Larger text
      </Step>
    </div>
  )
}

interface StepProps {
  readonly to: number
  readonly change: (wanted: Partial<Preferences>) => void
  readonly letter: string | undefined
  readonly children: string
}

function Step({ to, change, letter, children }: StepProps) {
  const isSize = sizes.some((one) => one === to)
  return (
    <Button look="quiet" waiting={!isSize} onPress={() => change({ size: to })}>
      <span className={letter} aria-hidden="true">
        A
      </span>
      <span className="for-ears">{children}</span>
    </Button>
  )
}
