import assert from 'node:assert/strict'
import { describe, it, type TestContext } from 'node:test'

import { alice, memoryClients, memoryUsers, userClients } from '../../test-support/people.ts'
import { machine } from '../../test-support/registrations.ts'
import { startSignIn } from '../../test-support/sign-in.ts'

const api = { client_id: 'urn:api1', secret: 'api-secret' }
const scope = 'openid offline_access scope1'

/** A token service whose clients and users a test can take away, and that counts how often it asks for them. */
async function start(t: TestContext) {
  const clients = memoryClients(...userClients, { ...machine, clientId: 'machine' })
  const users = memoryUsers(alice)
  const asked: string[] = []
  const started = await startSignIn(t, {
    clients: {
      ...clients,
      findClientById(id) {
        asked.push(id)
        return clients.findClientById(id)
      },
    },
    users: {
      findUserBySub(sub) {
        asked.push(sub)
        return users.findUserBySub(sub)
      },
    },
  })
  const isActive = async (token: string, caller = api) =>
    (await (await started.introspect(token, caller)).json()).active
  return { ...started, clients, users, asked, isActive }
}

const ends = new Map<string, (parties: Awaited<ReturnType<typeof start>>, id: string) => void>([
  ['client is removed', ({ clients }, id) => clients.remove(id)],
  [
    'client is disabled',
    ({ clients }, id) => {
      const client = userClients.find(({ clientId }) => clientId === id) ?? assert.fail()
      clients.put({ ...client, enabled: false })
    },
  ],
  ['user is gone', ({ users }) => users.remove('alice')],
  ['user may no longer sign in', ({ users }) => users.put({ ...alice, active: false })],
])

describe('an access token', () => {
  for (const client_id of ['web', 'reference'])
    for (const [what, end] of ends)
      it(`of ${client_id} is good for nothing once its ${what}`, async (t) => {
        const started = await start(t)
        const { signInForTokens, isActive, userinfo } = started
        const { access_token } = (await signInForTokens({ client_id, scope })).tokens
        assert.equal(await isActive(access_token), true)
        assert.equal((await userinfo(access_token)).status, 200)

        end(started, client_id)

        assert.equal(await isActive(access_token), false)
        assert.equal((await userinfo(access_token)).status, 401)
      })

  it('of a machine is good for nothing once the machine is removed', async (t) => {
    const { requestToken, isActive, clients } = await start(t)
    const grant_type = 'client_credentials'
    const caller = { client_id: 'machine' }
    const { access_token } = await (await requestToken({ grant_type }, caller)).json()
    assert.equal(await isActive(access_token), true)

    clients.remove('machine')

    assert.equal(await isActive(access_token), false)
  })

  it('has each of them asked for once, and neither for a caller that it does not concern', async (t) => {
    const { signInForTokens, introspect, userinfo, asked } = await start(t)
    const { access_token } = (await signInForTokens({ scope })).tokens
    const questions = async (ask: () => Promise<unknown>) => {
      asked.length = 0
      await ask()
      return asked.toSorted()
    }

    assert.deepEqual(await questions(() => userinfo(access_token)), ['alice', 'web'])
    assert.deepEqual(await questions(() => introspect(access_token, api)), ['alice', 'web'])
    const own = { client_id: 'web' }
    assert.deepEqual(await questions(() => introspect(access_token, own)), ['alice', 'web'])
    const foreign = { client_id: 'other' }
    assert.deepEqual(await questions(() => introspect(access_token, foreign)), ['other'])
  })
})

describe('a refresh token', () => {
  it('is not active once its user is gone', async (t) => {
    const { signInForTokens, isActive, users } = await start(t)
    const { refresh_token } = (await signInForTokens({ scope })).tokens
    const caller = { client_id: 'web', secret: 'secret' }
    assert.equal(await isActive(refresh_token, caller), true)

    users.remove('alice')

    assert.equal(await isActive(refresh_token, caller), false)
  })
})
