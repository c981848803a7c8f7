import { personas, type Persona } from '../personas.ts'
import { nameLength, subjectOf } from '../accounts.ts'
import { safe, type HtmlPage } from '../../shared/html-page.ts'

interface SignInPage {
  /** The address of the forms. */
  readonly path: string
  /** The name in `login_hint`, or an empty string. */
  readonly hint: string
  readonly isSignUp: boolean
  readonly formTargets: readonly string[]
  readonly problem?: string
}

/** Renders the sign-in page. It has two forms, so that Enter in the field of the name does not choose the first persona. */
export function signInPage({ path, hint, isSignUp, formTargets, problem }: SignInPage): HtmlPage {
  const hinted = hint === '' ? undefined : personas.find((one) => one.subject === subjectOf(hint))
  const typed = hinted ? '' : hint
  return {
    status: problem ? 400 : 200,
    title: isSignUp ? 'Create an account – Gatepost' : 'Sign in – Gatepost',
    formTargets,
    body: safe`<h1>${isSignUp ? 'Create an account' : 'Sign in to Gatepost'}</h1>
      <p>
        This is the local identity provider of this machine: there are no passwords, and nothing is sent anywhere.
        Choose who to be.
      </p>
      <form method="post" action="${path}">
        <ul>
          ${personas.map((persona) => personaButton(persona, persona === hinted))}
        </ul>
      </form>
      <h2>Somebody new</h2>
      <p id="new">Any other name signs in a new member without a plan or permissions.</p>
      ${problem ? safe`<p class="problem" id="problem" role="alert">${problem}</p>` : null}
      <form method="post" action="${path}">
        <label for="name">Name</label>
        <div class="row">
          <input
            id="name"
            name="name"
            value="${typed}"
            required
            maxlength="${nameLength}"
            autocomplete="username"
            aria-describedby="${problem ? 'new problem' : 'new'}"
            ${typed === '' ? null : safe`autofocus`}
          />
          <button class="main">Continue</button>
        </div>
      </form>
      <p class="leave"><a href="${path}/abort">Cancel and go back</a></p>`,
  }
}

function personaButton({ name, displayName, description }: Persona, isHinted: boolean) {
  return safe`<li>
    <button
      class="persona${isHinted ? ' hinted' : ''}"
      name="persona"
      value="${name}"
      ${isHinted ? safe`autofocus` : null}
    >
      <strong>${name}</strong> <span>${displayName}. ${description}</span>
    </button>
  </li>`
}
