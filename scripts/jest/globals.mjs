// Replaces '@jest/globals' in test files (hooks.mjs).

const shared = /** @type {Record<symbol, unknown>} */ (/** @type {unknown} */ (globalThis))

export const { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, jest, test } =
  /** @type {typeof import('@jest/globals')} */ (shared[Symbol.for('gatepost.jest')])
