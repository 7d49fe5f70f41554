import assert from 'node:assert/strict'
import { describe, it } from 'node:test'

import { form, json, recording } from '../../test-support/recording.ts'
import { createExchange } from '../traffic/create-exchange.ts'
import { claims, joseHeader } from './claims.ts'
import { explainExchange } from './explain-exchange.ts'
import { headers, parameters } from './parameters.ts'
import type { Signature } from './signature.ts'

const valid: Signature = { verdict: 'valid', sentence: 'Valid.' }
const jwt = encode({ alg: 'ES256' }, { iss: 'mvc-par', exp: 1_700_000_000 })

function encode(header: object, payload: object): string {
  return [header, payload, 'signature']
    .map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'))
    .join('.')
}

function explain(changes: Parameters<typeof recording>[0]) {
  return explainExchange(createExchange(1, recording(changes), undefined), async () => valid)
}

describe('an explained exchange', () => {
  it('has what is said in the URL, in the form and in headers', async () => {
    const { headers: typed, body } = form({ code: 'c' })
    const { request } = await explain({
      url: 'http://localhost:5001/connect/token?resource=r',
      request: { headers: [...typed, ['Authorization', 'Basic bTpz'], ['Host', 'h']], body },
    })

    assert.deepEqual(
      request.parameters.map(({ name, place, isSecret, meaning }) => [
        name,
        place,
        isSecret,
        meaning?.section,
      ]),
      [
        ['resource', 'query', false, 'RFC 8707 §2'],
        ['code', 'form', true, 'RFC 6749 §4.1.2'],
        ['Authorization', 'header', true, 'RFC 9110 §11.6.2'],
      ],
    )
  })

  it('has what an answer says in JSON and in the address it sends to', async () => {
    const { response } = await explain({
      response: { status: 200, ...json({ expires_in: 60, active: false, constructor: 1 }) },
    })
    const { response: redirect } = await explain({
      response: { status: 302, headers: [['Location', '/a?code=c#access_token=t']], body: '' },
    })

    assert.deepEqual(
      response?.parameters.map(({ name, value, meaning }) => [name, value, meaning?.section]),
      [
        ['expires_in', '60', 'RFC 6749 §5.1'],
        ['active', 'false', 'RFC 7662 §2.2'],
        ['constructor', '1', undefined],
      ],
    )
    assert.deepEqual(
      redirect?.parameters.map(({ name, place }) => [name, place]),
      [
        ['code', 'redirect'],
        ['access_token', 'redirect'],
        ['Location', 'header'],
      ],
    )
  })

  for (const [where, changes] of Object.entries({
    request: { url: `http://localhost:5001/connect/authorize?request=${jwt}` },
    Authorization: { request: { headers: [['Authorization', `Bearer ${jwt}`]], body: '' } },
  } as const))
    it(`takes the JWT in ${where} apart`, async () => {
      const { jwts } = (await explain(changes as Parameters<typeof recording>[0])).request

      assert.deepEqual(jwts, [
        {
          name: where,
          header: [{ name: 'alg', value: 'ES256', isSecret: false, meaning: joseHeader.alg }],
          claims: [
            { name: 'iss', value: 'mvc-par', isSecret: false, meaning: claims.iss },
            {
              name: 'exp',
              value: '1700000000',
              time: 1_700_000_000,
              isSecret: false,
              meaning: claims.exp,
            },
          ],
          signature: valid,
        },
      ])
    })

  it('marks secrets within a JWT as it does outside, and no name of a key', async () => {
    const random = 'Zk3V9mQ2xL7pR4tY8wB1nC6dF0gH5jS-_aE2uI9oK3M'
    const said = { state: 's', nonce: 'n', scope: 'openid', jti: random }
    const url = `http://localhost:5001/connect/authorize?request=${encode({ kid: random }, said)}`

    const { header = [], claims = [] } = (await explain({ url })).request.jwts[0] ?? {}

    assert.deepEqual(
      [...header, ...claims].map(({ name, isSecret }) => [name, isSecret]),
      [
        ['kid', false],
        ['state', true],
        ['nonce', true],
        ['scope', false],
        ['jti', true],
      ],
    )
  })

  it('says nothing of a redirect that there is not', async () => {
    const { response } = await explain({ url: 'http://localhost:5002/?a=b' })

    assert.deepEqual(response?.parameters, [])
  })

  it('has no answer when none came', async () => {
    const { response, ...unanswered } = recording({ error: 'refused' })
    const exchange = createExchange(1, unanswered, undefined)

    assert.equal((await explainExchange(exchange, async () => valid)).response, undefined)
  })
})

describe('the dictionaries', () => {
  const meanings = [parameters, headers, claims, joseHeader].flatMap(Object.entries)

  it('have a sentence for each name, and the section that defines it', () => {
    assert.ok(meanings.length > 80)
    for (const [name, { sentence, section, href }] of meanings) {
      assert.match(sentence, /^[A-Z].{8,110}\.$/, name)
      assert.match(section, / §\d/, name)
      assert.match(href, /^https:\/\/(www\.rfc-editor\.org|openid\.net|www\.w3\.org)\/.+#.+/, name)
    }
  })
})
