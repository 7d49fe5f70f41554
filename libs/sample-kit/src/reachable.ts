import { connect } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'

import { describeUnreachable } from './describe-error.ts'
import { readWholeNumber } from './environment.ts'

/** Milliseconds between two attempts: doubled from the first to the last. */
const pause = { first: 50, last: 1000 }

/**
 * Waits until each URL accepts connections, so that programs may be started in any order. Gives up
 * after 10 s (`START_TIMEOUT_SECONDS` overrides) with an error that names the first URL that does not.
 */
export async function reachable(...urls: readonly string[]): Promise<void> {
  const seconds = readWholeNumber('START_TIMEOUT_SECONDS', 10, { min: 0, max: 3600 })
  const deadline = performance.now() + seconds * 1000
  await Promise.all(urls.map((url) => waitFor(url, deadline)))
}

async function waitFor(url: string, deadline: number): Promise<void> {
  let wait = pause.first
  for (;;) {
    const left = deadline - performance.now()
    if (await accepts(url, Math.max(left, pause.last))) return
    if (left <= 0) throw new Error(describeUnreachable(url))
    await sleep(Math.min(wait, left))
    wait = Math.min(wait * 2, pause.last)
  }
}

function accepts(url: string, timeout: number): Promise<boolean> {
  const { protocol, hostname, port } = new URL(url)
  const host = hostname.replace(/^\[|\]$/g, '')
  return new Promise((resolve) => {
    const socket = connect({
      host,
      port: Number(port) || (protocol === 'https:' ? 443 : 80),
      timeout,
    })
    socket.on('connect', () => settle(true))
    socket.on('timeout', () => settle(false))
    socket.on('error', () => settle(false))
    function settle(accepted: boolean) {
      socket.destroy()
      resolve(accepted)
    }
  })
}
