const transform = {
  '^.+\\.tsx?$': [
    '@swc/jest',
    {
      jsc: {
        target: 'es2022',
        parser: { syntax: 'typescript', tsx: true },
        transform: { react: { runtime: 'automatic' } },
      },
      module: { type: 'es6' },
      sourceMaps: 'inline',
    },
  ],
}

/** Native ESM, as the server runs; swc takes the types off (tsc checks them in `npm run check`). */
const project = {
  testEnvironment: 'node',
  testMatch: ['**/*.test.ts'],
  extensionsToTreatAsEsm: ['.ts', '.tsx'],
  transform,
  modulePathIgnorePatterns: ['/dist/', '/.data/', '/site/public/', '/site/.cache/'],
}

export default {
  maxWorkers: 2,
  testSequencer: '<rootDir>/server/test/support/sequencer.mjs',
  testTimeout: 60_000,
  projects: [
    {
      ...project,
      displayName: 'node',
      roots: ['<rootDir>/server', '<rootDir>/scripts', '<rootDir>/prisma', '<rootDir>/site'],
      testPathIgnorePatterns: ['/node_modules/', '/site/test/browser/'],
      globalSetup: '<rootDir>/server/test/support/global-setup.mjs',
      globalTeardown: '<rootDir>/server/test/support/global-teardown.mjs',
    },
    {
      ...project,
      displayName: 'browser',
      // The whole product, started as `npm start` starts it, in a real Chromium.
      roots: ['<rootDir>/site/test/browser'],
      globalSetup: '<rootDir>/site/test/browser/support/global-setup.mjs',
      globalTeardown: '<rootDir>/site/test/browser/support/global-teardown.mjs',
    },
  ],
}
