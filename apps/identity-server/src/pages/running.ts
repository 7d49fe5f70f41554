/** Milliseconds: the page must not wait for a server that hangs, nor ask anew on every reload. */
const timing = { limit: 500, cached: 2000 }

/**
 * Asks a server of this workspace whether it is running, by its `/health`. An answer is kept for 2 s, and
 * everyone who asks meanwhile shares it. A server that does not answer within 500 ms counts as not running.
 *
 * @param now Milliseconds.
 */
export function checkRunning(now: () => number = Date.now): (url: string) => Promise<boolean> {
  const answers = new Map<string, { readonly until: number; readonly answer: Promise<boolean> }>()

  return (url) => {
    const known = answers.get(url)
    if (known !== undefined && now() < known.until) return known.answer
    const answer = askHealth(url)
    answers.set(url, { until: now() + timing.cached, answer })
    return answer
  }
}

/** Looks at the body too: a stranger on the port may answer 200 to anything. */
async function askHealth(url: string): Promise<boolean> {
  try {
    const response = await fetch(`${url}/health`, {
      redirect: 'error',
      signal: AbortSignal.timeout(timing.limit),
    })
    const body = (await response.json()) as { status?: unknown } | null
    return response.ok && body?.status === 'ok'
  } catch {
    return false
  }
}
