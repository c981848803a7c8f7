/** Node.js runs the tests itself, with packages evaluated once for each worker (scripts/jest/runtime.mjs); tsc checks the types. */
const project = {
  testEnvironment: '<rootDir>/scripts/jest/environment.mjs',
  runtime: '<rootDir>/scripts/jest/runtime.mjs',
  testMatch: ['**/*.test.ts'],
  transform: {},
  modulePathIgnorePatterns: ['/dist/', '/.data/', '/site/public/', '/site/.cache/'],
}

export default {
  // One more than the cores that it is meant for: tests wait for disks and browsers a quarter of the time.
  maxWorkers: 3,
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
