import { useSession } from '../../auth/session.tsx'
import { Button } from '../basics/Button.tsx'
import { Card } from '../basics/Card.tsx'

/** Where even the titles are for members. @param page it is all that there is on the page */
export function MembersOnly({ page = false }: { page?: boolean }) {
  const { signIn } = useSession()
  const Title = page ? 'h1' : 'h2'
  return (
    <Card label="For members">
      <Title>This publication is for its members</Title>
      <p>Sign in to see what there is. An account is free; what it opens depends on your plan.</p>
      <div>
        <span className="needs-script">
          <Button look="main" onPress={() => signIn()}>
            Sign in or create an account
          </Button>
        </span>
        <noscript>
          <p>Signing in needs JavaScript, which is switched off in this browser.</p>
        </noscript>
      </div>
    </Card>
  )
}
