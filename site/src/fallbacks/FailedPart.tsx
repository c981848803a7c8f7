import { Button } from '../ui/controls/Button.tsx'
import { Card } from '../ui/layout/Card.tsx'

/** Replaces a part that threw. */
export function FailedPart() {
  return (
    <Card label="This part couldn’t be shown" alert>
      <h2>This part couldn’t be shown</h2>
      <p>Something went wrong. The rest of the page still works.</p>
      <div>
        <Button look="main" onPress={() => window.location.reload()}>
          Reload the page
        </Button>
      </div>
    </Card>
  )
}
