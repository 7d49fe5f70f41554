import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { describe, it } from 'node:test'

import { drawDiagram } from './draw-diagram.ts'
import { listSources } from './list-sources.ts'
import { workspaceRoot } from './projects.ts'
import { readExchanges, type Step } from './read-exchanges.ts'

function step(from: string, to: string, about: string, line = about): Step {
  return { from, to, kind: 'request', about, lines: [line] }
}

function answer({ from, to, about }: Step, line: string): Step {
  return { from: to, to: from, kind: 'response', about, lines: [line] }
}

const asked = step('browser', 'mvc-basic', 'GET /secure')
const authorize = step('browser', 'identity-server', 'GET /connect/authorize')
const discovery = step('mvc-basic', 'identity-server', 'GET /.well-known/openid-configuration')
const signIn = [
  asked,
  discovery,
  answer(discovery, '200 {…}'),
  answer(asked, '302 to {identity-server}/connect/authorize?scope=openid'),
  authorize,
  answer(authorize, '303 to {identity-server}/error'),
]

describe('the exchanges of a conversation', () => {
  it('say who sends, checks, answers and reads, by the numbers of their arrows', () => {
    const rows = listSources(readExchanges('mvc-basic', signIn)).split('\n').slice(2)

    assert.deepEqual(
      rows.map((row) => row.replaceAll(/\(\.\.[^)]*\)/g, '')),
      [
        '| 1, 4 | `GET /secure` | the browser, for its user | [mvc-basic/main.ts]<br>answered by [relying-party/begin-sign-in.ts]: `beginSignIn` | the browser |',
        '| 2, 3 | `GET /.well-known/openid-configuration` | [relying-party/discovered-provider.ts]: `discoveredProvider` | [openid-provider/discovery.ts]: `discoveryEndpoint` | the sender |',
        '| 5, 6 | `GET /connect/authorize` | the browser, sent on by 4 | [openid-provider/authorize.ts]: `authorizeEndpoint` | the browser |',
      ],
    )
  })

  it('follow a redirect only to where it leads', () => {
    const elsewhere = signIn.with(3, answer(asked, '302 to {identity-server}/connect/endsession'))

    assert.throws(() => readExchanges('mvc-basic', elsewhere), /what of browser sends GET/)
  })

  it('name what makes and checks the parts of a message, by what is said', () => {
    const redirect = answer(asked, '302 to {identity-server}/connect/authorize?request=…')
    const signed = { ...authorize, lines: ['GET /connect/authorize?request=…'] }

    const parts = readExchanges('mvc-basic', signIn.with(3, redirect).with(4, signed))
      .flatMap(({ answeredParts, checkedParts }) => [...answeredParts, ...checkedParts])
      .map(({ name }) => name)

    assert.deepEqual(parts, ['signedRequestObject', 'readRequestObject'])
  })

  it('are answered by what the answer shows, whatever was asked for', () => {
    const withCode = answer(authorize, '303 to {mvc-basic}/signin-oidc?code=…')

    const exchanges = readExchanges('mvc-basic', signIn.with(5, withCode))

    assert.deepEqual(
      exchanges.map(({ answeredBy }) => answeredBy?.name),
      ['beginSignIn', undefined, 'issueAuthorizationResponse'],
    )
  })

  it('know what a page finds in the fragment of its address, and its server does not', () => {
    const redirect = answer(authorize, '303 to {spa-implicit}/implicit#access_token=…&id_token=…')
    const implicit = step('browser', 'spa-implicit', 'GET /implicit')
    const steps = [authorize, redirect, implicit, answer(implicit, '200, a page')]

    const [, page] = readExchanges('spa-implicit', steps)

    assert.deepEqual(
      page?.checkedParts.map(({ name }) => name),
      ['validateAccessTokenHash', 'validateIdToken'],
    )
  })

  it('know what a server is asked itself when it asks', () => {
    const jwks = 'GET /.well-known/openid-configuration/jwks'
    const logout = step('identity-server', 'mvc-basic', 'POST /backchannel-logout')
    const keys = step('mvc-basic', 'identity-server', jwks)

    const during = [logout, keys, answer(keys, '200'), answer(logout, '200')]
    const [, fetched] = readExchanges('mvc-basic', during)
    assert.equal(fetched?.answerReadBy?.name, 'providerKeys')
    const after = [logout, answer(logout, '200'), keys, answer(keys, '200')]
    assert.throws(() => readExchanges('mvc-basic', after), /what of mvc-basic sends GET .*jwks/)
  })

  for (const [what, unknown, message] of [
    [
      'no sender is known of',
      step('simple-api', 'identity-server', 'GET /connect/userinfo-of-all'),
      /does not say what of simple-api sends/,
    ],
    [
      'the browser makes for no reason that is known',
      step('browser', 'identity-server', 'GET /grants'),
      /does not say what of browser sends/,
    ],
  ] as const)
    it(`cannot be read with a request that ${what}`, () => {
      const steps = [unknown, answer(unknown, '200')]

      assert.throws(() => readExchanges('mvc-basic', steps), message)
    })

  it('cannot be read with a request that nothing is known to check', () => {
    const asking = answer(asked, '302 to {identity-server}/new')
    const unknown = step('browser', 'identity-server', 'GET /new')
    const steps = [asked, asking, unknown, answer(unknown, '200')]

    assert.throws(() => readExchanges('mvc-basic', steps), /what of identity-server checks GET/)
  })

  it('cannot be read without an answer', () => {
    assert.throws(() => readExchanges('mvc-basic', [asked]), /nothing answers GET \/secure/)
  })
})

describe('a diagram', () => {
  it('numbers its arrows, and puts what goes through the browser in a band', () => {
    const band = '  rect rgba(60, 130, 230, 0.15)'

    assert.deepEqual(drawDiagram('mvc-basic', signIn).split('\n'), [
      'sequenceDiagram',
      '  autonumber',
      '  participant P0 as browser',
      '  participant P1 as mvc-basic :44300',
      '  participant P2 as identity-server :5001',
      band,
      '  P0->>P1: GET /secure',
      '  end',
      '  P1->>P2: GET /.well-known/openid-configuration',
      '  P2-->>P1: 200 {…}',
      band,
      '  P1-->>P0: 302 to http://localhost:5001/connect/authorize<br/>?scope=openid',
      '  P0->>P2: GET /connect/authorize',
      '  P2-->>P0: 303 to http://localhost:5001/error',
      '  end',
    ])
  })

  it('has the band of colour that the inspector draws', () => {
    const mermaid = readFileSync(`${workspaceRoot}apps/inspector/src/browser/mermaid.js`, 'utf8')
    const [band] = /rect rgba\(.*\)/.exec(mermaid) ?? []

    assert.ok(drawDiagram('mvc-basic', signIn).includes(`  ${band}\n`), band)
  })

  it('has what a script of the page fetches outside of it', () => {
    const call = step('browser', 'simple-api', 'GET /identity')

    assert.doesNotMatch(drawDiagram('spa-implicit', [call, answer(call, '200 […]')]), /rect/)
  })
})
