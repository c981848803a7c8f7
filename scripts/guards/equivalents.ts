/** Changes by `mutantsOf` for which no test can fail, because the results are the same. */
export const equivalents: readonly { readonly file: string; readonly what: string; readonly why: string }[] = [
  {
    file: 'membership/live/next-boundary.ts',
    what: 'instant !== null && instant > now → (instant > now)',
    why: 'null is before every instant',
  },
  {
    file: 'membership/live/next-boundary.ts',
    what: 'at < first → at <= first',
    why: 'if two instants are equal, either can count as the first',
  },
  {
    file: 'membership/entitlement.ts',
    what: 'until !== undefined && now < until → (now < until)',
    why: 'no instant is before undefined; the other condition is only for the types',
  },
  {
    file: 'membership/entitlement.ts',
    what: 'endedAt < currentPeriodEnd → endedAt <= currentPeriodEnd',
    why: 'if two instants are equal, either can count as the end',
  },
  {
    file: 'membership/entitlement.ts',
    what: 'live.until === null ? null : endOfGrant(opening, live.until) → (endOfGrant(opening, live.until))',
    why: 'at a null date no membership ends, so the result is the same',
  },
  {
    file: 'auth/token/verify-token.ts',
    what: 'step.value === null → false',
    why: 'a second check: a missing token is an objection, and the first objection refuses the request',
  },
  {
    file: 'auth/token/verify-token.ts',
    what: 'clean && claimsClean && times → (clean && claimsClean)',
    why: 'a malformed time is an objection, so without objections there are times; the last condition is only for the types',
  },
  {
    file: 'auth/token/claim-checks.ts',
    what: 'nbf !== undefined && nbf > nowSeconds + clockToleranceSeconds → (nbf > nowSeconds + clockToleranceSeconds)',
    why: 'undefined is not greater than any number; the other condition is only for the types',
  },
  {
    file: 'auth/keys/key-set.ts',
    what: "error instanceof FetchProblem ? error : new FetchProblem('unreachable') → (error)",
    why: 'a second check: fetchIssuerKeys throws only FetchProblem',
  },
  {
    file: 'auth/keys/key-set.ts',
    what: 'current === null || !isReady() → (!isReady())',
    why: 'without keys isReady() is false; the other condition is only for the types',
  },
  {
    file: 'graphql/permissions.ts',
    what: 'isObjectType(type) ? type.getFields()[field]?.resolve : undefined → (type.getFields()[field]?.resolve)',
    why: 'rules on other types than object types were refused before; the condition is only for the types',
  },
  {
    file: 'content/reading/queries.ts',
    what: 'row.publishedAt === null → false',
    why: 'a second check: the statement selects only times in the past',
  },
]
