import assert from 'node:assert/strict'

import type { Flow } from './flow.ts'
import { type Form, type Http, readJson, requireOk } from './http.ts'
import { signAssertion } from './sign-in.ts'
import { readKeys, verifyAccessToken } from './signed-tokens.ts'

const machineRequest = { grant_type: 'client_credentials', scope: 'scope1' }

export const clientCredentials: Flow = async (http) => {
  const client_id = 'client-credentials'
  const tokens = readJson(await http.post('/connect/token', machineRequest, client_id))
  await verifyMachineToken(http, tokens, client_id)
}

export const referenceToken: Flow = async (http) => {
  const id = 'introspection'
  const tokens = readJson(await http.post('/connect/token', machineRequest, id))
  await verifyRevocation(http, tokens, { client_id: id, sub: id, scope: 'scope1' })
}

export const privateKeyJwt: Flow = async (http) => {
  const form = { ...machineRequest, ...(await signAssertion(http)) }
  const tokens = readJson(await http.post('/connect/token', form))
  await verifyMachineToken(http, tokens, 'signing-client')
}

export const metadata: Flow = async (http) => {
  const { issuer } = readJson(await http.request('/.well-known/openid-configuration'))
  assert.equal(issuer, http.url)
  await readKeys(http)
}

/** Asserts that a reference token is active and says what it has to, and that its client can revoke it. */
export async function verifyRevocation(
  http: Http,
  { access_token: token = '' }: Form,
  expected: { readonly client_id: string; readonly sub: string; readonly scope: string },
): Promise<void> {
  const introspect = async () => {
    const { active, client_id, sub, scope } = readJson(
      await http.post('/connect/introspect', { token }, expected.client_id),
    )
    return { active: String(active), client_id, sub, scope }
  }
  const nothing = { client_id: undefined, sub: undefined, scope: undefined }
  assert.deepEqual(await introspect(), { active: 'true', ...expected })
  requireOk(await http.post('/connect/revocation', { token }, expected.client_id))
  assert.deepEqual(await introspect(), { active: 'false', ...nothing })
}

async function verifyMachineToken(
  http: Http,
  { access_token = '' }: Form,
  client_id: string,
): Promise<void> {
  const expected = { client_id, sub: client_id, scope: machineRequest.scope }
  await verifyAccessToken(await readKeys(http), access_token, expected)
}
