import { defineConfig } from 'vitest/config';

const slow = { testTimeout: 60_000, hookTimeout: 120_000 };

export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'unit',
          include: [
            'sessions/**/*.test.ts',
            'moderation/**/*.test.ts',
            'narrator/**/*.test.ts',
            'server/**/*.test.ts',
            'client/**/*.test.ts',
            'test/*.test.ts',
            'test/queue/**/*.test.ts',
            'test/bench/queue/**/*.test.ts',
          ],
          testTimeout: 20_000,
        },
      },
      { test: { name: 'integration', include: ['test/integration/**/*.test.ts'], ...slow } },
      { test: { name: 'fuzz', include: ['test/fuzz/**/*.test.ts'], ...slow, testTimeout: 240_000 } },
      {
        test: {
          name: 'browser',
          // Browsers and servers share two cores here: what fails must fail twice. The report shows retries.
          retry: 1,
          include: ['test/browser/**/*.test.ts'],
          ...slow,
          expect: { poll: { timeout: 20_000 } },
        },
      },
    ],
  },
});
