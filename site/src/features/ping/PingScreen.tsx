import { useState } from 'react'
import type { Claims } from '../../auth/token-claims.ts'
import { SignedInPage } from '../../fallbacks/SignedInPage.tsx'
import { Button } from '../../ui/controls/Button.tsx'
import { durationOf } from '../../ui/format/dates.ts'
import { useNow } from '../../ui/use-now.ts'
import { usePing, type PingAnswer } from './use-ping.ts'
import * as css from './PingScreen.module.css'

export function PingScreen() {
  return (
    <SignedInPage
      title="Is it working?"
      lead="Calls the API with your token and shows the response."
      why="The response greets you by name and counts your calls."
    >
      {() => <Ping />}
    </SignedInPage>
  )
}

function Ping() {
  const ping = usePing()
  const [outcome, setOutcome] = useState<PingAnswer | null>(null)
  const call = async () => setOutcome(await ping())

  return (
    <>
      <div>
        <Button look="main" onPress={call}>
          Ping
        </Button>
      </div>
      <div aria-live="polite" className={css.outcome}>
        {outcome?.data.ping ? (
          <>
            <p className={css.greeting}>{outcome.data.ping.greeting}</p>
            <dl className={css.counts}>
              <div>
                <dt>Your calls</dt>
                <dd>{outcome.data.ping.calls}</dd>
              </div>
              <div>
                <dt>All calls</dt>
                <dd>{outcome.data.ping.callsByEveryone}</dd>
              </div>
            </dl>
            <h2>Response</h2>
            <Json value={{ data: outcome.data }} label="The response as JSON" />
          </>
        ) : null}
      </div>
      {outcome ? <Token claims={outcome.claims} /> : null}
    </>
  )
}

function Token({ claims }: { claims: Claims }) {
  const now = useNow(1_000)
  const left = typeof claims.exp === 'number' ? claims.exp - now.getTime() / 1000 : null
  return (
    <section className={css.token}>
      <h2>Your token</h2>
      {left === null ? null : (
        <p>
          {left > 0 ? (
            <>
              Time left: <span className={css.left}>{durationOf(left)}</span>
            </>
          ) : (
            'The token has expired. The next call fetches a new one.'
          )}
        </p>
      )}
      <Json value={claims} label="The token’s claims as JSON" />
    </section>
  )
}

/** Shows a value as JSON. The box scrolls, so it can be focused. */
function Json({ value, label }: { value: unknown; label: string }) {
  return (
    <pre className={css.json} tabIndex={0} role="region" aria-label={label}>
      {JSON.stringify(value, null, 2)}
    </pre>
  )
}
