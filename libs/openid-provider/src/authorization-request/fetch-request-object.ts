import { lookup } from 'node:dns'
import { request as httpRequest, type IncomingMessage, type RequestOptions } from 'node:http'
import { request as httpsRequest } from 'node:https'
import { BlockList, isIP, type LookupFunction } from 'node:net'

import { AuthorizationError } from '@basics/protocol'

import { maximumClientJwt } from '../client-authentication/client-jwt.ts'
import type { Provider } from '../configuration.ts'
import { readMediaType } from '../media-type.ts'
import type { RegisteredClient } from '../model/client.ts'

/** Milliseconds, from the first byte sent to the last received. */
const timeout = 5_000
const mediaTypes = ['application/oauth-authz-req+jwt', 'application/jwt']

/**
 * Fetches a request object by a `request_uri` that the client has registered.
 *
 * A server that fetches what a request names can be made to reach what only it can reach, so this is
 * off unless the host turns it on; only registered URIs are fetched, redirects are not followed, and
 * addresses that are not public are refused, at the moment of connecting, whatever their name.
 *
 * @throws {AuthorizationError} `request_uri_not_supported`, `invalid_request_uri`
 * @see {@link https://www.rfc-editor.org/rfc/rfc9101.html#section-5.2.3 RFC 9101 §5.2.3}
 * @see {@link https://www.rfc-editor.org/rfc/rfc9101.html#section-10.4 RFC 9101 §10.4}
 */
export async function fetchRequestObject(
  request_uri: string,
  { requestUris }: RegisteredClient,
  { options }: Provider,
): Promise<string> {
  const { requestUriParameter: mode } = options
  if (mode === 'refused')
    throw new AuthorizationError('request_uri_not_supported', 'request_uri is not supported')
  if (!requestUris.includes(request_uri)) throw invalid('is not one that the client registered')
  try {
    return await read(await get(new URL(request_uri), mode === 'anyAddress'))
  } catch (error) {
    if (error instanceof AuthorizationError) throw error
    throw invalid('could not be fetched')
  }
}

function get(url: URL, allowsAnyAddress: boolean): Promise<IncomingMessage> {
  if (url.protocol !== 'https:' && !allowsAnyAddress) throw invalid('is not an https URL')
  if (!allowsAnyAddress) requirePublicLiteral(url)
  const options: RequestOptions = {
    signal: AbortSignal.timeout(timeout),
    headers: { Accept: mediaTypes.join(', ') },
    ...(!allowsAnyAddress && { lookup: lookupPublic }),
  }
  const request = url.protocol === 'https:' ? httpsRequest : httpRequest
  return new Promise((resolve, reject) => {
    request(url, options, resolve).on('error', reject).end()
  })
}

async function read(response: IncomingMessage): Promise<string> {
  const type = readMediaType(response.headers['content-type'])
  if (response.statusCode !== 200 || !mediaTypes.includes(type)) {
    response.destroy()
    throw invalid('does not lead to a request object')
  }
  const chunks: Buffer[] = []
  let length = 0
  for await (const chunk of response) {
    length += chunk.length
    if (length > maximumClientJwt) throw invalid('leads to an object that is too long')
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString().trim()
}

/** Networks that are not the public internet (RFC 6890, RFC 8215), those of this machine among them. */
const notPublic = new BlockList()
const ipv4 = `0.0.0.0/8 10.0.0.0/8 100.64.0.0/10 127.0.0.0/8 169.254.0.0/16 172.16.0.0/12 192.0.0.0/24
  192.0.2.0/24 192.168.0.0/16 198.18.0.0/15 198.51.100.0/24 203.0.113.0/24 224.0.0.0/4 240.0.0.0/4`
const ipv6 = `::/128 ::1/128 ::ffff:0:0/96 64:ff9b::/96 64:ff9b:1::/48 100::/64 2001::/32 2001:db8::/32
  2002::/16 fc00::/7 fe80::/10 ff00::/8`
for (const [family, networks] of [
  ['ipv4', ipv4],
  ['ipv6', ipv6],
] as const)
  for (const network of networks.split(/\s+/)) {
    const [address = '', prefix] = network.split('/')
    notPublic.addSubnet(address, Number(prefix), family)
  }

function isPublic(address: string): boolean {
  return !notPublic.check(address, isIP(address) === 6 ? 'ipv6' : 'ipv4')
}

/** An address in the URL itself is connected to without a look-up. */
function requirePublicLiteral({ hostname }: URL): void {
  const address = hostname.replace(/^\[|\]$/g, '')
  if (isIP(address) !== 0 && !isPublic(address)) throw invalid('leads to a private address')
}

/** Looks a name up and refuses it when any of its addresses is not public. */
const lookupPublic: LookupFunction = (hostname, options, callback) => {
  lookup(hostname, { ...options, all: true }, (error, addresses) => {
    const first = addresses?.[0]
    if (error !== null || first === undefined) return callback(error, '', 0)
    if (!addresses.every(({ address }) => isPublic(address)))
      return callback(new Error(`${hostname} has a private address`), '', 0)
    if (options.all === true) return callback(null, addresses)
    callback(null, first.address, first.family)
  })
}

function invalid(problem: string): AuthorizationError {
  return new AuthorizationError('invalid_request_uri', `request_uri ${problem}`)
}
