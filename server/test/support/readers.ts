import { makeMember, makeMembership, makePlan, unique } from './factories.ts'
import type { TestApp } from './app.ts'

// Creates a reader of every kind, with the articles that each may read.

/** PUBLIC, MEMBERS, PAID, and PLANS with the plan Supporter or the plan Patron. */
export const articleKinds = ['public', 'members', 'paid', 'supporter', 'patron'] as const
export type ArticleKind = (typeof articleKinds)[number]

export interface TestReader {
  readonly name: string
  readonly token: string | undefined
  /** Null for readers without an account. */
  readonly memberId: string | null
  readonly mayRead: readonly ArticleKind[]
}

export interface TestReaders {
  readonly readers: readonly TestReader[]
  readonly planIds: Readonly<Record<'supporter' | 'patron', string>>
}

const day = 86_400_000
const days = (count: number): Date => new Date(Date.now() + count * day)

export async function makeReaders({ db, issuer }: Pick<TestApp, 'db' | 'issuer'>): Promise<TestReaders> {
  const supporter = await makePlan(db, { monthly: 500 })
  const patron = await makePlan(db, { monthly: 1500, includes: [supporter.id] })
  const audio = await makePlan(db, { monthly: 900 })

  type Held = readonly [planId: string, fields?: Parameters<typeof makeMembership>[3]]
  async function reader(
    name: string,
    mayRead: readonly ArticleKind[],
    {
      held = [],
      subject,
      disabled,
      claims = {},
    }: {
      held?: readonly Held[]
      subject?: string
      disabled?: boolean
      claims?: Record<string, unknown>
    } = {},
  ): Promise<TestReader> {
    const member = await makeMember(db, {
      issuer: issuer.url,
      ...(subject !== undefined && { subject }),
      ...(disabled !== undefined && { disabled }),
    })
    for (const [planId, fields] of held) await makeMembership(db, member.id, planId, fields)
    return { name, mayRead, memberId: member.id, token: issuer.sign({ sub: member.subject, ...claims }) }
  }

  const nothing: ArticleKind[] = ['public']
  const account: ArticleKind[] = ['public', 'members']
  const ended = { status: 'ENDED', endedAt: days(-1), currentPeriodEnd: days(-1) } as const
  const overdue = { status: 'PAST_DUE', source: 'PAYMENT', currentPeriodEnd: days(-9) } as const
  const program = () => `${unique()}@clients`
  const staff = { permissions: ['write:articles'] }
  return {
    planIds: { supporter: supporter.id, patron: patron.id },
    readers: [
      { name: 'anonymous', token: undefined, memberId: null, mayRead: nothing },
      { name: 'anonymous session', token: issuer.sign({ sub: `anon@${unique()}` }), memberId: null, mayRead: nothing },
      await reader('member', account),
      await reader('lapsed', account, { held: [[patron.id, ended]] }),
      await reader('run out', account, { held: [[patron.id, { currentPeriodEnd: days(-1) }]] }),
      await reader('past due', account, { held: [[patron.id, { ...overdue, graceEndsAt: days(-1) }]] }),
      await reader('unpaid', account, { held: [[patron.id, { status: 'UNPAID' }]] }),
      await reader('paused', account, { held: [[patron.id, { status: 'PAUSED' }]] }),
      await reader('incomplete', account, { held: [[patron.id, { status: 'INCOMPLETE' }]] }),
      await reader('not yet', account, { held: [[patron.id, { startedAt: days(1) }]] }),
      await reader('disabled', nothing, { held: [[patron.id]], disabled: true }),
      await reader('disabled staff', nothing, { disabled: true, claims: staff }),
      await reader('program', account, { subject: program() }),
      await reader('other permissions', account, { claims: { permissions: ['read:members', 'manage:plans'] } }),
      await reader('another plan', [...account, 'paid'], { held: [[audio.id]] }),
      await reader('supporter', [...account, 'paid', 'supporter'], { held: [[supporter.id]] }),
      await reader('patron', articleKinds, { held: [[patron.id]] }),
      await reader('within grace', articleKinds, { held: [[patron.id, { ...overdue, graceEndsAt: days(1) }]] }),
      await reader('program with a plan', articleKinds, { subject: program(), held: [[patron.id]] }),
      await reader('staff', articleKinds, { claims: staff }),
    ],
  }
}

/** Returns the requirement of an article of a kind. */
export function requirementOf(kind: ArticleKind, { planIds }: TestReaders) {
  if (kind === 'supporter' || kind === 'patron') return { visibility: 'PLANS', planIds: [planIds[kind]] } as const
  return { visibility: ({ public: 'PUBLIC', members: 'MEMBERS', paid: 'PAID' } as const)[kind] }
}
