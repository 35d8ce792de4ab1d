import { configDefaults, defineConfig } from 'vitest/config';

// The tests run what was built: worker threads load compiled JavaScript, so the suite does too.
export default defineConfig({
  test: {
    include: ['dist/tests/**/*.test.js'],
    // vitest.long.config.ts has those.
    exclude: [...configDefaults.exclude, '**/*.long.test.js'],
    globalSetup: ['dist/tests/support/temporary-folder.js'],
    testTimeout: 120_000,
    hookTimeout: 120_000,
    // As many as the cores of the smallest machine that they are for; what they measure, they count.
    maxWorkers: 2,
    maxConcurrency: 3,
    // Every file leaves the process as it found it, so the next need not pay for another one and its modules.
    isolate: false,
    // What is tested is loaded as Node loads it, and as quick; Vite takes only the tests themselves to pieces.
    server: { deps: { external: [/\/dist\/(?!.*\.test\.js)/] } },
  },
});
