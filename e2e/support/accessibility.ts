import AxeBuilder from '@axe-core/playwright'
import { expect, type Page } from '@playwright/test'

/** A screen on a desk, and the narrowest phone. What colours there are does not depend on the width. */
const views = [
  { width: 1280, height: 800, colorScheme: 'light' },
  { width: 320, height: 640, colorScheme: 'dark' },
] as const

/**
 * Expects that anyone can use the page as it is now: by axe's rules, on a screen and on a phone, where
 * nothing may stick out, in light and in dark colours.
 *
 * @see {@link https://www.w3.org/TR/WCAG22/#reflow WCAG 2.2 §1.4.10}
 */
export async function expectAccessible(page: Page): Promise<void> {
  for (const { width, height, colorScheme } of views) {
    await page.setViewportSize({ width, height })
    await page.emulateMedia({ colorScheme })
    const view = `${colorScheme}, ${width} px`

    const scrollWidth = await page.evaluate(() => document.documentElement.scrollWidth)
    expect(scrollWidth, `${view}: how wide it is`).toBeLessThanOrEqual(width)
    const isLight = (await readBrightness(page)) > 127
    expect(isLight ? 'light' : 'dark', `${view}: its background`).toBe(colorScheme)
    expect(await findViolations(page), `${view}: violations of axe's rules`).toEqual([])
  }
}

/** Of the background, from 0 to 255. */
async function readBrightness(page: Page): Promise<number> {
  const color = await page.evaluate(() => getComputedStyle(document.body).backgroundColor)
  return Math.max(...(color.match(/\d+/g) ?? []).slice(0, 3).map(Number))
}

async function findViolations(page: Page): Promise<{ help: string; elements: string[] }[]> {
  // There are no frames, whose results axe would put together in a page of its own.
  const { violations } = await new AxeBuilder({ page }).setLegacyMode().analyze()
  return violations.map(({ help, nodes }) => ({
    help,
    elements: nodes.map(({ html, failureSummary }) => `${html}: ${failureSummary}`),
  }))
}
