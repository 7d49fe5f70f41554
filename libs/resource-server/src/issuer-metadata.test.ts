import assert from 'node:assert/strict'
import type { RequestListener } from 'node:http'
import type { TestContext } from 'node:test'
import { describe, it } from 'node:test'

import { type FakeIssuer, startIssuer } from '../test-support/fake-issuer.ts'
import { startApi } from '../test-support/start-api.ts'
import { readMetadata } from './issuer-metadata.ts'

/** Calls an API whose issuer was changed; gives the status and what the operator is told. */
async function callWithIssuer(t: TestContext, change: (issuer: FakeIssuer) => void) {
  const issuer = await startIssuer(t)
  const { call, reported } = await startApi(t, { issuer: issuer.url, timeoutSeconds: 1 })
  change(issuer)
  const { status } = await call(await issuer.sign())
  return { status, problem: reported[0]?.message ?? '', issuer }
}

describe('issuer metadata', () => {
  const documents = [
    { what: 'another issuer', change: { issuer: 'https://other.example' }, says: /its issuer is/ },
    { what: 'no issuer', change: { issuer: undefined }, says: /its issuer is/ },
    { what: 'no jwks_uri', change: { jwks_uri: undefined }, says: /no jwks_uri/ },
    { what: 'a relative jwks_uri', change: { jwks_uri: '/jwks' }, says: /jwks_uri is not a URL/ },
    { what: 'a jwks_uri of a list', change: { jwks_uri: [] }, says: /jwks_uri is not a URL/ },
    {
      what: 'a jwks_uri in a file',
      change: { jwks_uri: 'file:///jwks' },
      says: /not an https URL/,
    },
    {
      what: 'an introspection endpoint that is no URL',
      change: { introspection_endpoint: 'x' },
      says: /introspection_endpoint is not a URL/,
    },
  ]
  for (const { what, change, says } of documents)
    it(`is not trusted with ${what}`, async (t) => {
      const { status, problem } = await callWithIssuer(t, ({ discovery }) => {
        Object.assign(discovery, change)
      })

      assert.equal(status, 503)
      assert.match(problem, says)
    })

  const answers: { what: string; instead: RequestListener; says: RegExp }[] = [
    { what: 'an error', instead: (_req, res) => res.writeHead(500).end('{}'), says: /status 500/ },
    {
      what: 'a redirect',
      instead: (_req, res) => res.writeHead(302, { Location: '/elsewhere' }).end(),
      says: /status 302/,
    },
    { what: 'a page', instead: (_req, res) => res.end('<html>'), says: /not send JSON/ },
    { what: 'a list', instead: (_req, res) => res.end('[]'), says: /not send a JSON object/ },
    { what: 'null', instead: (_req, res) => res.end('null'), says: /not send a JSON object/ },
    { what: 'nothing, ever', instead: () => {}, says: /timeout/ },
    { what: 'half of it', instead: (_req, res) => res.write('{'), says: /timeout/ },
    {
      what: 'more than 256 KB',
      instead: (_req, res) => res.end(JSON.stringify({ padding: 'x'.repeat(256 * 1024) })),
      says: /more than 262144 bytes/,
    },
  ]
  for (const { what, instead, says } of answers)
    it(`is not read from ${what}`, async (t) => {
      const { status, problem, issuer } = await callWithIssuer(t, (changed) => {
        changed.instead = instead
      })

      assert.equal(status, 503)
      assert.match(problem, says)
      assert.equal(issuer.requests.length, 1)
    })

  it('of an https issuer names https endpoints', () => {
    const issuer = 'https://issuer.example'
    const document = { issuer, jwks_uri: 'https://keys.example/jwks' }

    assert.equal(readMetadata(document, issuer).jwks_uri, document.jwks_uri)
    assert.throws(
      () => readMetadata({ issuer, jwks_uri: 'http://issuer.example/jwks' }, issuer),
      /jwks_uri is not an https URL/,
    )
  })

  it('is looked for below an issuer with a path, with or without a slash at its end', async (t) => {
    const issuer = await startIssuer(t)
    for (const path of ['/tenant', '/tenant/']) {
      const { call } = await startApi(t, { issuer: `${issuer.url}${path}` })
      await call(await issuer.sign())
    }

    assert.equal(issuer.count('GET /tenant/.well-known/openid-configuration'), 2)
  })
})

/** The key pair of RFC 7515 appendix A.3. */
const rfc7515Key = {
  x: 'f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU',
  y: 'x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0',
  d: 'jpsQnnGQmL-YBIffH1136cspYG6-0iY7X1fCE9-E9LI',
}

describe('issuer keys', () => {
  it('are not taken from a document without keys', async (t) => {
    const { status, problem } = await callWithIssuer(t, ({ discovery, url }) => {
      discovery.jwks_uri = `${url}/.well-known/openid-configuration`
    })

    assert.equal(status, 503)
    assert.match(problem, /^Cannot fetch the keys of .*not a JSON Web Key Set$/)
  })

  for (const { what, members } of [
    { what: 'damaged', members: { x: 'AA' } },
    { what: 'private', members: rfc7515Key },
  ])
    it(`that are ${what} are not held against the token`, async (t) => {
      const { status, problem } = await callWithIssuer(t, ({ keys }) => {
        Object.assign(keys[0]?.jwk ?? {}, members)
      })

      assert.equal(status, 503)
      assert.match(problem, /^Cannot check a token: /)
    })
})
