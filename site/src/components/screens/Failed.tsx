import { Button } from '../basics/Button.tsx'
import { Card } from '../basics/Card.tsx'

/** In the place of a part that threw. */
export function Failed() {
  return (
    <Card label="This part could not be shown" alert>
      <h2>This part could not be shown</h2>
      <p>Something went wrong on this page. The rest of it still works.</p>
      <div>
        <Button look="main" onPress={() => window.location.reload()}>
          Reload the page
        </Button>
      </div>
    </Card>
  )
}
