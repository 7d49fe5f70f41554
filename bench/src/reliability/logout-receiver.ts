import { EventEmitter, once } from 'node:events'
import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'

import { decodeJwt } from 'jose'

/** What a client has that takes the notifications of logouts. */
export interface LogoutReceiver {
  readonly uri: string
  /**
   * Waits for the token that tells of the end of this session.
   *
   * @throws {DOMException} when none has come in 10 s
   */
  told(sid: string): Promise<string>
  close(): void
}

/** Milliseconds from a sign-out to its notification, on a machine that is busy. */
export const longestWay = 10_000

export async function openLogoutReceiver(): Promise<LogoutReceiver> {
  /** It may come before it is waited for. */
  const received = new Map<string, string>()
  const arrivals = new EventEmitter().setMaxListeners(0)
  const server = createServer(async (req, res) => {
    const token = await readLogoutToken(req)
    const sid = readSid(token)
    if (sid === undefined) return void res.writeHead(400).end()
    received.set(sid, token)
    arrivals.emit(sid)
    res.end()
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    uri: `http://127.0.0.1:${(server.address() as AddressInfo).port}/logout`,
    async told(sid) {
      const signal = AbortSignal.timeout(longestWay)
      if (!received.has(sid)) await once(arrivals, sid, { signal })
      const token = received.get(sid) ?? ''
      received.delete(sid)
      return token
    },
    close() {
      server.close()
      server.closeAllConnections()
    },
  }
}

/** Undefined for what is no token: whoever waits for it says that it has not come. */
function readSid(token: string): string | undefined {
  try {
    return decodeJwt<{ sid?: string }>(token).sid
  } catch {
    return undefined
  }
}

/** @see {@link https://openid.net/specs/openid-connect-backchannel-1_0.html#BCRequest Back-Channel Logout §2.5} */
async function readLogoutToken(req: IncomingMessage): Promise<string> {
  return new URLSearchParams(await text(req)).get('logout_token') ?? ''
}
