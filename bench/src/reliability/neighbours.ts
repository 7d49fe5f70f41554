import type { Manner } from './crowd.ts'

const head = 'POST /connect/token HTTP/1.1\r\nHost: localhost\r\n'
const form = `${head}Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 1000\r\n\r\n`
const metadata = 'GET /.well-known/openid-configuration HTTP/1.1\r\nHost: localhost\r\n\r\n'

/** A crowd, and what has to come of it. */
export interface Neighbour extends Manner {
  readonly name: string
  /** The share of the crowd that it is. */
  readonly share: number
  /** Until when the server leaves all of them open. Those without it are closed as soon as can be. */
  readonly allUntil?: 'load begins' | 'load ends'
  /** Seconds after which the server has closed the last one. */
  readonly closedWithin: number
  /** Milliseconds that somebody else may wait beside it, where that is longer than beside the others. */
  readonly longest?: number
}

/** In the order in which they come, each beside clients that do nothing wrong. */
export const neighbours: readonly Neighbour[] = [
  {
    name: 'connections never used',
    sends: '',
    share: 0.1,
    allUntil: 'load begins',
    closedWithin: 20,
  },
  {
    name: 'headers by the byte',
    sends: `${head}X: `,
    drips: 'x',
    share: 0.1,
    allUntil: 'load begins',
    closedWithin: 20,
  },
  {
    name: 'bodies by the byte',
    sends: form,
    drips: 'x',
    share: 0.1,
    allUntil: 'load ends',
    closedWithin: 40,
  },
  {
    name: 'half-closed connections',
    sends: `${form}a=b`,
    ends: true,
    share: 0.1,
    closedWithin: 20,
  },
  { name: 'idle connections', sends: metadata, share: 1, allUntil: 'load ends', closedWithin: 75 },
  {
    name: 'connections that ask far ahead and read nothing',
    sends: metadata.repeat(2_000),
    isDeaf: true,
    share: 0.01,
    closedWithin: 20,
    // All that was read of what they ask is parsed before anything else is.
    longest: 5_000,
  },
]
