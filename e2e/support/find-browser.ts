/**
 * Finds the browser, or installs one, before the tests that need it: `npm test` has this done beside the
 * unit tests, since it may take longer than a test is given.
 */
import { findChromium } from './chromium.ts'

const executable = await findChromium()
console.log(`Chromium starts: ${executable ?? "the one of Playwright's own"}`)
