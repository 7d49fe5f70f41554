import assert from 'node:assert/strict'
import { describe, it } from 'node:test'

import { browsed, form, recording } from '../../test-support/recording.ts'
import { createExchange } from '../traffic/create-exchange.ts'
import { summarize } from '../traffic/summary.ts'
import { toMermaid } from './mermaid.js'

const servers = ['identity-server', 'simple-api']

describe('a Mermaid diagram', () => {
  it('has the messages in the order they were sent in, each within its cause', () => {
    const page = browsed({ app: 'mvc-par', startedAt: 1000, endedAt: 1100 })
    const push = recording({
      method: 'POST',
      url: 'http://localhost:5001/connect/par',
      startedAt: 1010,
      endedAt: 1020,
      request: form({ response_type: 'code', client_secret: 'no-secret-here' }),
    })
    const summaries = [createExchange(1, undefined, page), createExchange(2, push, undefined)]

    assert.deepEqual(toMermaid(summaries.map(summarize), servers).split('\n'), [
      'sequenceDiagram',
      '  autonumber',
      '  participant P0 as browser',
      '  participant P1 as mvc-par',
      '  participant P2 as identity-server',
      '  rect rgba(60, 130, 230, 0.15)',
      '  P0->>P1: GET /secure',
      '  end',
      '  P1->>P2: POST /connect/par<br/>response_type=code · client_secret',
      '  P2-->>P1: 200',
      '  rect rgba(60, 130, 230, 0.15)',
      '  P1-->>P0: 200',
      '  end',
      '',
    ])
  })

  it('takes what comes from outside as text', () => {
    const hostile = recording({ app: 'a;b\n<b>"#', method: 'GET' })

    const text = toMermaid([createExchange(1, hostile, undefined)].map(summarize), servers)

    assert.ok(text.includes('participant P0 as a#59;b#10;#60;b#62;#34;#35;'), text)
  })
})
