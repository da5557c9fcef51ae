import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    environment: 'node',
    env: { TZ: 'Pacific/Chatham' },
    testTimeout: 30_000,
    hookTimeout: 60_000,
    // One more than the two cores of CI: a third of the time goes by waiting for time-outs, processes and browsers.
    maxWorkers: 3,
  },
});
