import { defineConfig } from '@playwright/test'

import { chromiumArguments, executableVariable } from './support/chromium.ts'

const executablePath = process.env[executableVariable]

export default defineConfig({
  testMatch: ['scenarios/*.spec.ts', 'workspace/*.spec.ts'],
  globalSetup: './support/start-workspace.ts',
  fullyParallel: true,
  // Twice the processors of a small machine: a test waits as much as it computes.
  workers: 4,
  // A scenario that works at the second try does not work.
  retries: 0,
  forbidOnly: process.env.CI !== undefined,
  // Bounds for what hangs: on a machine that is busy with other things, what works takes its time.
  timeout: 120_000,
  expect: { timeout: 15_000 },
  reporter: [['list'], ['html', { open: 'never', outputFolder: 'playwright-report' }]],
  outputDir: 'test-results',
  use: {
    browserName: 'chromium',
    launchOptions: {
      args: chromiumArguments,
      ...(executablePath !== undefined && { executablePath }),
    },
    // What works leaves nothing behind, and taking it takes its time: a trace of every test a quarter of
    // all, and a picture, which Playwright takes before it knows whether it needs one, a tenth.
    trace: 'off',
    screenshot: 'off',
  },
})
