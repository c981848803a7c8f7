import { useSession } from '../auth/session.tsx'
import { troubleWords } from './trouble-words.ts'
import { type Cause } from '../api/errors.ts'
import { Button } from '../ui/Button.tsx'
import { Card } from '../ui/Card.tsx'

/** Nothing came: says what and why, with the one thing to do. */
export function Trouble({ cause, what, onRetry }: { cause: Cause; what: string; onRetry: () => Promise<unknown> }) {
  const { signIn } = useSession()
  const { title, text, step } = troubleWords(cause, what)
  return (
    <Card label={title} alert>
      <h2>{title}</h2>
      <p>{text}</p>
      <div>
        {step === 'again' ? (
          <Button look="main" onPress={onRetry}>
            Try again now
          </Button>
        ) : (
          <Button look="main" onPress={() => signIn({ another: cause === 'refused' })}>
            Sign in again
          </Button>
        )}
      </div>
    </Card>
  )
}
