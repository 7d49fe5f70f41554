import { defineConfig } from '@playwright/test'

import { chromiumArguments, executableVariable } from './support/chromium.ts'

const executablePath = process.env[executableVariable]

export default defineConfig({
  testMatch: ['scenarios/*.spec.ts', 'workspace/*.spec.ts'],
  globalSetup: './support/start-workspace.ts',
  fullyParallel: true,
  // One more than the processors of a small machine: a test waits as much as it computes.
  workers: 3,
  // A scenario that works at the second try does not work.
  retries: 0,
  forbidOnly: process.env.CI !== undefined,
  // Bounds for what hangs: on a machine that is busy with other things, what works takes its time.
  timeout: 60_000,
  expect: { timeout: 15_000 },
  reporter: [['list'], ['html', { open: 'never', outputFolder: 'playwright-report' }]],
  outputDir: 'test-results',
  use: {
    browserName: 'chromium',
    launchOptions: {
      args: chromiumArguments,
      ...(executablePath !== undefined && { executablePath }),
    },
    // A trace of every test would take a quarter of the time; what failed has its page and its servers' words.
    trace: 'off',
    screenshot: 'only-on-failure',
  },
})
