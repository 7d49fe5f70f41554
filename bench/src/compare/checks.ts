import { type Answer, Connection } from './connection.ts'
import { redirect_uri, user } from './registrations.ts'
import { introspect, redeem, requireCode } from './requests.ts'
import { state } from './sign-in.ts'

/** @throws {Error} when the answer is not what it should be */
export type Check = (answer: Answer, issuer: string) => Promise<void> | void

/** What an answer issues, such as a token, and no other may issue again. */
export type ReadIssued = (answer: Answer) => string

/** What a token is to say of those it was issued to. */
export interface Owner {
  readonly client_id: string
  readonly scope: string
}

export const checkDiscovery: Check = ({ body }, issuer) => {
  const document = JSON.parse(body)
  expect(document.issuer === issuer, body)
  // The host is the request's at the one and the issuer's at the other, which the requests do not name.
  expect(new URL(document.jwks_uri).pathname === '/.well-known/openid-configuration/jwks', body)
}

/** A key for each algorithm, and of none the private half. */
export const checkKeys: Check = ({ body }) => {
  const { keys } = JSON.parse(body)
  for (const kty of ['RSA', 'EC'])
    expect(
      keys.some((key: { kty: string }) => key.kty === kty),
      body,
    )
  expect(
    keys.every((key: object) => !('d' in key)),
    body,
  )
}

export const checkUserinfo: Check = ({ body }) => {
  const claims = JSON.parse(body)
  for (const [name, value] of Object.entries(user)) expect(claims[name] === value, body)
}

/** That a token is active, and whose it is. */
export function checkIntrospection({ client_id, scope }: Owner): Check {
  return ({ body }, issuer) => {
    const answer = JSON.parse(body)
    expect(answer.active === true && answer.iss === issuer, body)
    expect(answer.client_id === client_id && answer.scope === scope, body)
    expect(answer.exp > Date.now() / 1_000, body)
  }
}

/**
 * A token that is none but by introspection, so that one that was never stored shows.
 *
 * @param resource the API that it is for
 */
export function checkReferenceToken(resource: string, owner: Owner): Check {
  return async ({ body }, issuer) => {
    const { access_token } = JSON.parse(body)
    expect(/^[\w-]{40,}$/.test(access_token), body)
    const step = introspect(access_token, resource)
    const answer = await Connection.once(issuer, (connection) => step(connection, 0))
    await checkIntrospection(owner)(answer, issuer)
  }
}

/** A redirect to the client with its state, and with a code that tokens can be had for. */
export function checkCode(client_id: string): Check {
  return async ({ head }, issuer) => {
    const code = requireCode(head)
    const location = new URL(/^location: (.*)$/im.exec(head)?.[1] ?? '')
    expect(location.href.startsWith(`${redirect_uri}?`), head)
    expect(location.searchParams.get('state') === state, head)
    await redeem(issuer, client_id, code)
  }
}

/** An ID Token may be as another of the same second, and a refresh token is used again and again. */
export const issuedToken: ReadIssued = ({ body }) => JSON.parse(body).access_token

export const issuedCode: ReadIssued = ({ head }) => requireCode(head)

export function expect(condition: boolean, shown: string): void {
  if (!condition) throw new Error(`an answer is not as it should be:\n${shown}`)
}
