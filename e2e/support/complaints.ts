import type { BrowserContext } from '@playwright/test'

/**
 * What the pages of a browser complain about from now on: errors of scripts, and what their policy
 * refused. A page's own status is no complaint, though the console reports it as one.
 */
export function listenForComplaints(context: BrowserContext): string[] {
  const complaints: string[] = []
  context.on('weberror', (error) => complaints.push(error.error().message))
  context.on('console', (message) => {
    const isStatus = message.text().startsWith('Failed to load resource')
    if (['error', 'warning'].includes(message.type()) && !isStatus) complaints.push(message.text())
  })
  return complaints
}
