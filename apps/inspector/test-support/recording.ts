import type { RecordedMessage, Recording } from '../src/recording.ts'

const empty: RecordedMessage = { headers: [], body: '' }

/** What a recorder may have sent: an API call of mvc-par, but for what a test says. */
export function recording(changes: Partial<Recording> = {}): Recording {
  return {
    side: 'client',
    app: 'mvc-par',
    connection: '50000-5002',
    method: 'GET',
    url: 'http://localhost:5002/identity',
    startedAt: 1_000_000,
    endedAt: 1_000_010,
    request: empty,
    response: { status: 200, ...empty },
    ...changes,
  }
}

/** A request that a browser made, as the server saw it. */
export function browsed(changes: Partial<Recording> = {}): Recording {
  const headers = [
    ['User-Agent', 'Mozilla/5.0'],
    ['Sec-Fetch-Mode', 'navigate'],
  ] as const
  return recording({
    side: 'server',
    connection: '60000-44303',
    url: 'http://localhost:44303/secure',
    request: { headers, body: '' },
    ...changes,
  })
}

export function form(parameters: Record<string, string>): RecordedMessage {
  const headers = [['content-type', 'application/x-www-form-urlencoded']] as const
  return { headers, body: new URLSearchParams(parameters).toString() }
}

export function json(value: unknown): RecordedMessage {
  return { headers: [['content-type', 'application/json']], body: JSON.stringify(value) }
}
