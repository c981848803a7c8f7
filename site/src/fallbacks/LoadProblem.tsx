import { type FailureCause } from '../api/errors.ts'
import { useSession } from '../auth/session.tsx'
import { Button } from '../ui/controls/Button.tsx'
import { Card } from '../ui/layout/Card.tsx'
import { loadProblemWords } from './load-problem-words.ts'

/** Explains what could not be loaded and why, with the next step. */
export function LoadProblem({
  cause,
  what,
  onRetry,
}: {
  cause: FailureCause
  what: string
  onRetry: () => Promise<unknown>
}) {
  const { signIn } = useSession()
  const { title, text, step } = loadProblemWords(cause, what)
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
