/**
 * A limit that refills steadily: `perMinute` points a minute, of which at most `burst` can be spent at once.
 *
 * The algorithm is GCRA (ITU-T I.371), a token bucket whose whole state is one number: the instant at which the bucket is full again.
 * A bucket without a state is full.
 */
export interface Bucket {
  readonly perMinute: number
  readonly burst: number
}

/** The smallest burst: a page of the site sends several queries at once, and several pages may open together. */
const smallestBurst = 30

/** Returns the bucket of a limit. Its burst is a tenth of a minute, at least 30 points, and never more than the limit. */
export const bucketOf = (perMinute: number): Bucket => ({
  perMinute,
  burst: Math.min(perMinute, Math.max(smallestBurst, Math.ceil(perMinute / 10))),
})

const minute = 60_000

/** Returns the time in which one point is refilled, in milliseconds. */
export const pointMs = ({ perMinute }: Bucket): number => minute / perMinute

/** Returns the time in which an empty bucket is full again, in milliseconds. */
export const fillMs = (bucket: Bucket): number => bucket.burst * pointMs(bucket)

/** Returns the longest time to full that a bucket can have: a charge may overdraw it by one minute's worth of points. */
export const longestFillMs = (bucket: Bucket): number => fillMs(bucket) + minute

/** Tolerance for rounding errors of floating-point additions. */
const roundingMs = 0.001

/** The result of a charge. */
export interface Charge {
  readonly allowed: boolean
  /** Milliseconds from now until the bucket is full. */
  readonly msUntilFull: number
}

/**
 * Charges points to a bucket.
 *
 * More points than the burst are allowed if the bucket is full. They overdraw it, so the average rate still holds.
 *
 * @param msUntilFull the state before the charge: milliseconds from now until the bucket is full
 */
export function charge(bucket: Bucket, msUntilFull: number, points: number): Charge {
  const before = Math.min(Math.max(msUntilFull, 0), longestFillMs(bucket))
  const allowed = msUntilAllowed(bucket, before, points) <= roundingMs
  const after = allowed ? Math.min(before + points * pointMs(bucket), longestFillMs(bucket)) : before
  return { allowed, msUntilFull: after }
}

/** Returns the milliseconds until the points are available, 0 or less if they are available now. */
export const msUntilAllowed = (bucket: Bucket, msUntilFull: number, points: number): number =>
  msUntilFull + Math.min(points, bucket.burst) * pointMs(bucket) - fillMs(bucket)

/** Returns the whole points that can be spent at once. */
export const remainingPoints = (bucket: Bucket, msUntilFull: number): number =>
  Math.max(0, Math.floor((fillMs(bucket) - msUntilFull + roundingMs) / pointMs(bucket)))
