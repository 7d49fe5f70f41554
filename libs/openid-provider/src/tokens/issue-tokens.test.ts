import assert from 'node:assert/strict'
import { describe, it } from 'node:test'

import { collectLogs } from '../../test-support/collect-logs.ts'
import { interruptedStore } from '../../test-support/interrupted-store.ts'
import { webClient } from '../../test-support/people.ts'
import { startSignIn } from '../../test-support/sign-in.ts'
import { memoryStore } from '../index.ts'

const scope = 'openid offline_access'
const reference = {
  ...webClient,
  clientId: 'web',
  accessTokenType: 'reference',
  refreshTokenUsage: 'oneTimeOnly',
} as const

const fail = () => {
  throw new Error('the disk is full')
}

describe('tokens that nobody gets, as their request failed,', () => {
  for (const [step, what, attempts] of [
    ['the ID Token', undefined, 1],
    ['the refresh token', ['store', 'refresh_token'], 1],
    ['what they are issued for', ['supersede', 'refresh_token'], 1],
    ['what they are issued for, ten times', ['supersede', 'refresh_token'], 10],
  ] as const)
    it(`are not left behind by ${step}`, async (t) => {
      const { store, before } = interruptedStore(memoryStore())
      const started = await startSignIn(t, { store, clients: [reference] })
      const { signInForTokens, refresh, keys } = started
      const { tokens } = await signInForTokens({ scope })
      const { signingKey } = keys
      if (what === undefined) keys.signingKey = fail

      for (let attempt = 0; attempt < attempts; attempt++) {
        if (what !== undefined) before(what[0], what[1], fail)
        const response = await refresh(tokens.refresh_token)
        assert.equal((await response.json()).error, 'server_error')
      }

      const left = await store.getAll({ type: ['refresh_token', 'reference_token'] })
      assert.deepEqual(left.map(({ type }) => type).sort(), ['reference_token', 'refresh_token'])
      keys.signingKey = signingKey
      assert.equal((await refresh(tokens.refresh_token)).status, 200)
    })

  it('are not the refresh token that stays', async (t) => {
    const { store, before } = interruptedStore(memoryStore())
    const sliding = { refreshTokenUsage: 'reUse', refreshTokenExpiration: 'sliding' } as const
    const clock = { now: Date.UTC(2030, 0, 1) }
    const clients = [{ ...webClient, ...sliding, clientId: 'web' }]
    const { signInForTokens, refresh } = await startSignIn(t, {
      store,
      clients,
      now: () => clock.now,
    })
    const { tokens } = await signInForTokens({ scope })
    clock.now += 1000
    before('replace', 'refresh_token', fail)

    assert.equal((await refresh(tokens.refresh_token)).status, 500)
    assert.equal((await refresh(tokens.refresh_token)).status, 200)
  })

  it('are logged when one cannot be removed: the other goes, and the first failure is what is told', async (t) => {
    const { store, before } = interruptedStore(memoryStore())
    const { logger, lines } = collectLogs()
    const { signInForTokens, refresh } = await startSignIn(t, {
      store,
      clients: [reference],
      logger,
    })
    const { tokens } = await signInForTokens({ scope })
    before('supersede', 'refresh_token', fail)
    before('remove', 'reference_token', () => {
      throw new Error('still full')
    })

    const response = await refresh(tokens.refresh_token)

    assert.equal((await response.json()).error, 'server_error')
    const left = await store.getAll({ type: ['refresh_token', 'reference_token'] })
    assert.deepEqual(left.map(({ type }) => type).sort(), [
      'reference_token',
      'reference_token',
      'refresh_token',
    ])
    const said = lines.map(({ level, fields }) => [level, (fields.err as Error)?.message])
    assert.deepEqual(
      said.filter(([level]) => level !== 'info'),
      [
        ['warn', 'still full'],
        ['error', 'the disk is full'],
      ],
    )
  })
})

describe('tokens that were issued', () => {
  it('are told to the host with the grant that they came of', async (t) => {
    const store = memoryStore()
    const { signIn, redeem, refresh, events } = await startSignIn(t, { store })
    const { code } = await signIn({ scope })
    const [{ grant_id } = {}] = await store.getAll({ type: 'authorization_code' })
    const told: unknown[] = []
    events.on('tokenIssued', (event) => told.push(event.grant_id))

    const tokens = await (await redeem(code)).json()
    await refresh(tokens.refresh_token)

    assert.deepEqual(told, [grant_id, grant_id])
  })
})
