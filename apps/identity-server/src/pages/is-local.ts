import type { IncomingMessage } from 'node:http'
import { BlockList } from 'node:net'

const loopback = new BlockList()
loopback.addSubnet('127.0.0.0', 8, 'ipv4')
loopback.addAddress('::1', 'ipv6')

const forwarding = ['forwarded', 'via', 'x-forwarded-for', 'x-forwarded-host', 'x-real-ip']

/**
 * Whether a request comes from this very machine. A proxy here would make everyone look so: whatever
 * says that it was forwarded counts as coming from elsewhere.
 */
export function isLocal(req: IncomingMessage): boolean {
  const { remoteAddress = '', remoteFamily } = req.socket
  if (forwarding.some((name) => req.headers[name] !== undefined)) return false
  return loopback.check(remoteAddress, remoteFamily === 'IPv6' ? 'ipv6' : 'ipv4')
}
