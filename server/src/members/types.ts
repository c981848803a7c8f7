export interface Anonymous {
  readonly kind: 'anonymous'
}

export interface Profile {
  readonly name: string | null
  readonly email: string | null
  readonly picture: string | null
}

/** A reader with an account: data of the token and the stored account. */
export interface MemberReader {
  readonly kind: 'member'
  readonly memberId: string
  readonly subject: string
  readonly permissions: ReadonlySet<string>
  readonly disabled: boolean
  readonly profile: Profile
}

/** The sender of a request. */
export type Reader = Anonymous | MemberReader

export const anonymous: Anonymous = { kind: 'anonymous' }
