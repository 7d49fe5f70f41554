import assert from 'node:assert/strict'
import { describe, it } from 'node:test'

import { decodeJwt, decodeProtectedHeader } from 'jose'

import { resources } from '../../test-support/registrations.ts'
import { startProvider } from '../../test-support/start-provider.ts'

const grant_type = 'client_credentials'

const withAlgorithms = (...allowed: string[][]) => ({
  ...resources,
  apiResources: allowed.map((allowedAccessTokenSigningAlgorithms, index) => ({
    name: `api${index}`,
    scopes: ['scope1'],
    allowedAccessTokenSigningAlgorithms,
  })),
})

describe('signature of an access token', () => {
  it('is made with the configured algorithm', async (t) => {
    const options = { accessTokenSigningAlgorithm: 'RS256' } as const
    const { requestToken } = await startProvider(t, { options })

    const { access_token } = await (await requestToken({ grant_type })).json()

    assert.equal(decodeProtectedHeader(access_token).alg, 'RS256')
  })

  for (const [apis, alg] of [
    [[['RS256']], 'RS256'],
    [[['RS256', 'ES256']], 'ES256'],
    [[['RS256', 'ES256'], ['RS256']], 'RS256'],
    [[[], ['RS256']], 'RS256'],
  ] as [string[][], string][])
    it(`is ${alg} for APIs that verify ${JSON.stringify(apis)}`, async (t) => {
      const { requestToken } = await startProvider(t, { resources: withAlgorithms(...apis) })

      const { access_token } = await (await requestToken({ grant_type })).json()

      assert.equal(decodeProtectedHeader(access_token).alg, alg)
    })

  for (const apis of [[['RS256'], ['ES256']], [['PS256']]])
    it(`is refused to APIs that verify ${JSON.stringify(apis)}`, async (t) => {
      const { requestToken } = await startProvider(t, { resources: withAlgorithms(...apis) })

      const response = await requestToken({ grant_type })

      assert.equal(response.status, 400)
      assert.deepEqual(await response.json(), {
        error: 'invalid_target',
        error_description: 'the APIs verify no signing algorithm in common',
      })
    })

  it('covers scope as a list with emitScopesAsArray; the response keeps the text', async (t) => {
    const { introspect, requestToken } = await startProvider(t, {
      options: { emitScopesAsArray: true },
    })

    const { access_token, scope } = await (
      await requestToken({ grant_type, scope: 'scope1 scope2' })
    ).json()

    assert.deepEqual(decodeJwt(access_token).scope, ['scope1', 'scope2'])
    assert.equal(scope, 'scope1 scope2')
    assert.equal((await (await introspect(access_token)).json()).scope, 'scope1 scope2')
  })
})
