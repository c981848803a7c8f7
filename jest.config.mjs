/** Native ESM, as the server runs; swc takes the types off (tsc checks them in `npm run check`). */
export default {
  testEnvironment: 'node',
  roots: ['<rootDir>/server', '<rootDir>/scripts', '<rootDir>/prisma', '<rootDir>/site'],
  testMatch: ['**/*.test.ts'],
  extensionsToTreatAsEsm: ['.ts', '.tsx'],
  transform: {
    '^.+\\.ts$': [
      '@swc/jest',
      { jsc: { target: 'es2022', parser: { syntax: 'typescript' } }, module: { type: 'es6' }, sourceMaps: 'inline' },
    ],
  },
  globalSetup: '<rootDir>/server/test/support/global-setup.mjs',
  globalTeardown: '<rootDir>/server/test/support/global-teardown.mjs',
  maxWorkers: 2,
  testTimeout: 30_000,
  modulePathIgnorePatterns: ['/dist/', '/.data/', '/site/public/', '/site/.cache/'],
}
