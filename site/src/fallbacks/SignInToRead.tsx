import { useSession } from '../auth/session.tsx'
import { Button } from '../ui/controls/Button.tsx'
import { Card } from '../ui/layout/Card.tsx'

/** Asks a reader to sign in where even the titles are for members. @param page whether it is the only content of the page */
export function SignInToRead({ page = false }: { page?: boolean }) {
  const { signIn } = useSession()
  const Title = page ? 'h1' : 'h2'
  return (
    <Card label="For members">
      <Title>This publication is for its members</Title>
      <p>Sign in to read. An account is free. Your plan decides which articles you can read.</p>
      <div>
        <span className="needs-script">
          <Button look="main" onPress={() => signIn()}>
            Sign in or create an account
          </Button>
        </span>
        <noscript>
          <p>Signing in needs JavaScript. Turn it on for this site.</p>
        </noscript>
      </div>
    </Card>
  )
}
