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
  const { access_token: token = '' } = tokens
  const introspect = async () => {
    const { active, client_id, sub, scope } = readJson(
      await http.post('/connect/introspect', { token }, id),
    )
    return { active: String(active), client_id, sub, scope }
  }
  const nothing = { client_id: undefined, sub: undefined, scope: undefined }
  assert.deepEqual(await introspect(), { active: 'true', client_id: id, sub: id, scope: 'scope1' })
  requireOk(await http.post('/connect/revocation', { token }, id))
  assert.deepEqual(await introspect(), { active: 'false', ...nothing })
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

async function verifyMachineToken(
  http: Http,
  { access_token = '' }: Form,
  client_id: string,
): Promise<void> {
  const expected = { client_id, sub: client_id, scope: machineRequest.scope }
  await verifyAccessToken(await readKeys(http), access_token, expected)
}
