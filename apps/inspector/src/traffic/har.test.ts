import assert from 'node:assert/strict'
import { it } from 'node:test'

import { form, recording } from '../../test-support/recording.ts'
import { createExchange } from './create-exchange.ts'
import { createHar } from './har.ts'

it('an HTTP Archive has exchanges as they were, secrets included', () => {
  const { response, ...unanswered } = recording({
    method: 'POST',
    url: 'http://localhost:5001/connect/token?a=b',
    request: form({ code: 'c' }),
    error: 'refused',
  })
  const exchanges = [unanswered, recording({ startedAt: 5 })].map((each, id) =>
    createExchange(id, each, undefined),
  )

  const { log } = createHar(exchanges) as { log: { version: string; entries: unknown[] } }

  assert.equal(log.version, '1.2')
  const type = 'application/x-www-form-urlencoded'
  assert.deepEqual(log.entries[1], {
    startedDateTime: '1970-01-01T00:16:40.000Z',
    time: 10,
    request: {
      method: 'POST',
      url: 'http://localhost:5001/connect/token?a=b',
      httpVersion: 'HTTP/1.1',
      cookies: [],
      headers: [{ name: 'content-type', value: type }],
      headersSize: -1,
      queryString: [{ name: 'a', value: 'b' }],
      postData: { mimeType: type, params: [], text: 'code=c' },
      bodySize: 6,
    },
    response: {
      status: 0,
      statusText: '',
      httpVersion: 'HTTP/1.1',
      cookies: [],
      headers: [],
      headersSize: -1,
      content: { size: 0, mimeType: '', text: '' },
      redirectURL: '',
      bodySize: 0,
      comment: 'refused',
    },
    cache: {},
    timings: { send: 0, wait: 10, receive: 0 },
    _from: 'mvc-par',
    _to: 'identity-server',
    _channel: 'back',
    _started: 1_000_000,
  })
})
