import assert from 'node:assert/strict'
import { describe, it } from 'node:test'

import { browsed, recording } from '../../test-support/recording.ts'
import type { Recording } from '../recording.ts'
import { exchangeHistory } from '../traffic/exchange-history.ts'
import { summarize } from '../traffic/summary.ts'
import { assignScenarios } from './assign-scenarios.js'

const identityServer = { app: 'identity-server', connection: '60000-5001' }

function assign(...recordings: Recording[]): (string | undefined)[] {
  const history = exchangeHistory()
  for (const each of recordings) history.add(each)
  const summaries = history.all().map(summarize)
  const assigned = assignScenarios(summaries, ['mvc-par', 'mvc-basic', 'introspection'])
  return summaries.map(({ id }) => assigned.get(id))
}

describe('an exchange belongs to the scenario', () => {
  it('that asks or is asked', () => {
    assert.deepEqual(assign(recording(), browsed({ app: 'mvc-basic' })), ['mvc-par', 'mvc-basic'])
  })

  for (const query of [
    'client_id=mvc-basic',
    'ReturnUrl=%2Fconnect%2Fauthorize%3Fclient_id%3Dmvc-basic',
  ])
    it(`that its address names: ${query}`, () => {
      const url = `http://localhost:5001/some/path?${query}`

      assert.deepEqual(assign(browsed({ ...identityServer, url })), ['mvc-basic'])
    })

  it('that shows its secret', () => {
    const headers = [['Authorization', `Basic ${btoa('mvc%2Dbasic:secret')}`]] as const

    assert.deepEqual(assign(recording({ app: 'x', request: { headers, body: '' } })), ['mvc-basic'])
  })

  it('that made it necessary', () => {
    const call = recording({ app: 'introspection', url: 'http://localhost:5003/identity' })
    const question = recording({
      app: 'resource-api',
      url: 'http://localhost:5001/connect/introspect',
      connection: '50002-5001',
      startedAt: 1_000_002,
      endedAt: 1_000_008,
    })

    assert.deepEqual(assign(call, question), ['introspection', 'introspection'])
    assert.deepEqual(assign(call, { ...question, endedAt: 1_000_020 }), [
      'introspection',
      undefined,
    ])
  })

  it('that the browser was at before', () => {
    const login = browsed({ ...identityServer, url: 'http://localhost:5001/account/login' })

    assert.deepEqual(assign(login, browsed({ app: 'mvc-par' }), login), [
      undefined,
      'mvc-par',
      'mvc-par',
    ])
  })
})
