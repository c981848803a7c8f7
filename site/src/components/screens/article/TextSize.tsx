import { sizes } from '../../../lib/look.ts'
import { useLook } from '../../../lib/use-look.ts'
import { Button } from '../../basics/Button.tsx'

export function TextSize() {
  const [{ size }, change] = useLook()

  function step(by: number) {
    const wanted = sizes.find((one) => one === size + by)
    if (wanted !== undefined) change({ size: wanted })
  }

  return (
    <div role="group" aria-label="Size of the text">
      <Button look="quiet" label="Smaller text" onPress={() => step(-1)}>
        A−
      </Button>
      <Button look="quiet" label="Larger text" onPress={() => step(1)}>
        A+
      </Button>
    </div>
  )
}
