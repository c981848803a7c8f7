import { useSession } from '../../auth/session.tsx'
import { RedeemForm } from '../../membership/RedeemForm.tsx'
import { Button } from '../../ui/controls/Button.tsx'
import * as css from './PlansScreen.module.css'

/** Redeems a gift code, or asks to sign in first. */
export function RedeemSection() {
  const { status, signIn } = useSession()
  return (
    <section className={css.section} aria-labelledby="redeem">
      <h2 id="redeem">Redeem a code</h2>
      {status === 'signed-in' ? (
        <RedeemForm />
      ) : (
        <>
          <p>Have a gift code? Sign in to redeem it.</p>
          <div className="needs-script">
            <Button
              waiting={status === 'pending'}
              onPress={() => signIn({ back: { to: '/plans/#redeem', place: Math.round(window.scrollY) } })}
            >
              Sign in to redeem
            </Button>
          </div>
        </>
      )}
    </section>
  )
}
