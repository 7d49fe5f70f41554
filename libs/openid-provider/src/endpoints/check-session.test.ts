import assert from 'node:assert/strict'
import { hash, randomBytes } from 'node:crypto'
import { describe, it, type TestContext } from 'node:test'
import { createContext, runInContext } from 'node:vm'

import { startProvider } from '../../test-support/start-provider.ts'

const origin = 'https://app.example'
const browserState = 'b'.repeat(43)
const salt = 's'.repeat(22)

function sessionState({ client_id = 'web', from = origin, state = browserState } = {}): string {
  return `${hash('sha256', `${client_id} ${from} ${state} ${salt}`, 'base64url')}.${salt}`
}

const now = Date.UTC(2030, 0, 1)

interface FrameSetup {
  readonly cookie?: string
  readonly isHttps?: boolean
  readonly basePath?: string
  readonly isFramed?: boolean
  /** Absent in browsers that do not tell. */
  readonly ancestorOrigins?: readonly string[]
}

/** The page as it is served, its script at work, with as much of a browser as that needs. */
async function loadFrame(t: TestContext, setup: FrameSetup = {}) {
  const { cookie = `a=b; idsrv.session=${browserState}; c=d`, isFramed = true } = setup
  const { isHttps = false, basePath = '' } = setup
  const { request } = await startProvider(t, { fixedIssuer: false, trustProxy: 1, basePath })
  const headers = isHttps ? { 'x-forwarded-proto': 'https' } : {}
  const response = await request('/connect/checksession', { headers })
  const html = await response.text()
  const [, cookieName, script = ''] =
    /<script data-cookie="([^"]*)">(.*)<\/script>/s.exec(html) ?? []
  let receive: ((event: object) => void) | undefined
  const window = createContext({
    addEventListener: (type: string, listener: typeof receive) => {
      if (type === 'message') receive = listener
    },
    TextEncoder,
    btoa,
    Date: { now: () => now },
    document: { cookie, currentScript: { dataset: { cookie: cookieName } } },
    location: { ancestorOrigins: setup.ancestorOrigins },
  })
  runInContext(`window = this; parent = ${isFramed ? '{}' : 'this'}; ${script}`, window)

  function ask(data: unknown, from = origin): string[][] {
    const answers: string[][] = []
    const source = { postMessage: (...answer: string[]) => answers.push(answer) }
    receive?.({ data, origin: from, source })
    return answers
  }

  return { response, script, ask, sha256: window.sha256 as (text: string) => string }
}

describe('check session page', () => {
  it('may be framed by anyone, kept for a while, and runs nothing but its script', async (t) => {
    const { response, script } = await loadFrame(t)

    assert.equal(response.status, 200)
    assert.equal(response.headers.get('content-type'), 'text/html; charset=utf-8')
    assert.equal(response.headers.get('cache-control'), 'public, max-age=300')
    assert.equal(response.headers.get('x-content-type-options'), 'nosniff')
    assert.equal(response.headers.get('x-frame-options'), null)
    assert.equal(
      response.headers.get('content-security-policy'),
      `default-src 'none'; script-src 'sha256-${hash('sha256', script, 'base64')}'; ` +
        "form-action 'none'; base-uri 'none'",
    )
  })

  for (const client_id of ['web', 'a client, with spaces'])
    it(`says to ${client_id} that nothing has changed`, async (t) => {
      const { ask } = await loadFrame(t)

      const answers = ask(`${client_id} ${sessionState({ client_id })}`)

      assert.deepEqual(answers, [['unchanged', origin]])
    })

  for (const [answer, what, seconds] of [
    ['unchanged', 'a second before the session is over', 1],
    ['changed', 'when the session is over', 0],
    ['changed', 'when it is long over', -3600],
  ] as const)
    it(`says ${answer} ${what}`, async (t) => {
      const state = `${browserState}.${now / 1000 + seconds}`
      const { ask } = await loadFrame(t, { cookie: `idsrv.session=${state}` })

      assert.deepEqual(ask(`web ${sessionState({ state })}`), [[answer, origin]])
    })

  for (const [what, state] of [
    ['another user is signed in', sessionState({ state: 'c'.repeat(43) })],
    ['it was given to another client', sessionState({ client_id: 'other' })],
    ['it was given to another site', sessionState({ from: 'https://evil.example' })],
    ['its salt is another', sessionState().replace(/s$/, 't')],
    ['it is of another making', 'abc'],
  ] as const)
    it(`says changed when ${what}`, async (t) => {
      const { ask } = await loadFrame(t)

      assert.deepEqual(ask(`web ${state}`), [['changed', origin]])
    })

  for (const [isHttps, basePath, own, others] of [
    [false, '', 'idsrv.session', ['__Host-idsrv.session', '__Secure-idsrv.session']],
    [true, '', '__Host-idsrv.session', ['idsrv.session', '__Secure-idsrv.session']],
    [true, '/tenant', '__Secure-idsrv.session', ['idsrv.session', '__Host-idsrv.session']],
  ] as const)
    it(`goes by the cookie ${own} alone, whatever else is there`, async (t) => {
      const planted = others.map((name) => `${name}=${'c'.repeat(43)}`).join('; ')
      const { ask } = await loadFrame(t, {
        ...{ isHttps, basePath },
        cookie: `${planted}; ${own}=${browserState}; ${planted}`,
      })

      assert.deepEqual(ask(`web ${sessionState()}`), [['unchanged', origin]])
    })

  it('says changed to a browser with two of its cookie, of which one may be planted', async (t) => {
    const [one, other] = [browserState, 'c'.repeat(43)].map((state) => `idsrv.session=${state}`)

    for (const cookie of [`${one}; ${other}`, `${other}; ${one}`]) {
      const { ask } = await loadFrame(t, { cookie })
      assert.deepEqual(ask(`web ${sessionState()}`), [['changed', origin]])
    }
  })

  it('does not let a site find out by a guess that nobody is signed in', async (t) => {
    const { ask } = await loadFrame(t, { cookie: 'a=b; not-idsrv.session=x' })

    for (const state of ['', 'undefined', 'x'])
      assert.deepEqual(ask(`web ${sessionState({ state })}`), [['changed', origin]])
  })

  for (const [what, data] of [
    ['nothing', ''],
    ['no session state', 'web '],
    ['one word', 'web'],
    ['no client', ` ${sessionState()}`],
    ['too much', `${'w'.repeat(101)} ${sessionState()}`],
    ['another script', `wéb ${sessionState()}`],
    ['an object', {}],
    ['null', null],
  ] as const)
    it(`says error to ${what}`, async (t) => {
      const { ask } = await loadFrame(t)

      assert.deepEqual(ask(data), [['error', origin]])
    })

  for (const [who, setup, from] of [
    ['a site that did not load the frame', { ancestorOrigins: ['https://other.example'] }, origin],
    ['a page without an origin', {}, 'null'],
    ['anyone when it is not in a frame', { isFramed: false }, origin],
  ] as const)
    it(`says nothing to ${who}`, async (t) => {
      const { ask } = await loadFrame(t, setup)

      assert.deepEqual(ask(`web ${sessionState()}`, from), [])
    })

  it('answers the site that loaded it, below whatever else', async (t) => {
    const { ask } = await loadFrame(t, { ancestorOrigins: [origin, 'https://other.example'] })

    assert.deepEqual(ask(`web ${sessionState()}`), [['unchanged', origin]])
  })
})

describe('SHA-256 of the check session page', () => {
  // The first two are those of FIPS 180-4's examples.
  for (const [text, digest] of [
    ['abc', 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad'],
    [
      'abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq',
      '248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1',
    ],
    ['', 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855'],
  ] as const)
    it(`is the published one of '${text}'`, async (t) => {
      const { sha256 } = await loadFrame(t)

      assert.equal(sha256(text), Buffer.from(digest, 'hex').toString('base64url'))
    })

  it("is Node's for every length up to five blocks, whatever the letters", async (t) => {
    const { sha256 } = await loadFrame(t)

    for (let length = 0; length <= 300; length++) {
      const ascii = randomBytes(length)
        .toString('latin1')
        .replace(/[^ -~]/g, '~')
      const letters = [...'aé世\u{1f600}\u0000'].map((each) => each.repeat(length)).join('')
      for (const text of [ascii, letters.slice(0, length), letters.slice(-length)])
        assert.equal(sha256(text), hash('sha256', text, 'base64url'), `${length}: ${text}`)
    }
  })
})
