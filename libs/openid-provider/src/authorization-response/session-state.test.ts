import assert from 'node:assert/strict'
import { hash } from 'node:crypto'
import { describe, it } from 'node:test'

import { startSignIn } from '../../test-support/sign-in.ts'

/** What the page at `check_session_iframe` computes, in a browser that has the cookie. */
function expectedState(browserState: string, session_state = '', client_id = 'web') {
  const salt = session_state.split('.')[1] ?? ''
  const hashed = `${client_id} https://app.example ${browserState} ${salt}`
  return `${hash('sha256', hashed, 'base64url')}.${salt}`
}

describe('session_state', () => {
  it('says who asked, from where, and who is signed in', async (t) => {
    const { signIn } = await startSignIn(t)

    const { landing, browser } = await signIn()

    const { session_state } = landing.parameters
    assert.match(session_state ?? '', /^[\w-]{43}\.[\w-]{22}$/)
    assert.equal(session_state, expectedState(browser.cookie('idsrv.session'), session_state))
  })

  it('is another one each time, and for each client', async (t) => {
    const { signIn } = await startSignIn(t)
    const { landing, authorize, browser } = await signIn()

    const again = await authorize()
    const other = await authorize({ client_id: 'other' })

    const states = [landing, again, other].map(({ parameters }) => parameters.session_state)
    assert.equal(new Set(states).size, 3)
    const browserState = browser.cookie('idsrv.session')
    assert.equal(states[1], expectedState(browserState, states[1]))
    assert.equal(states[2], expectedState(browserState, states[2], 'other'))
  })

  it('comes with a refusal too', async (t) => {
    const { openBrowser } = await startSignIn(t)
    const { authorize, browser } = openBrowser()

    const { parameters } = await authorize({ prompt: 'none' })

    const { error, session_state } = parameters
    assert.equal(error, 'login_required')
    assert.equal(session_state, expectedState(browser.cookie('idsrv.session'), session_state))
  })

  it('is not there for a request of OAuth alone', async (t) => {
    const { signIn, openBrowser } = await startSignIn(t)

    const { landing } = await signIn({ scope: 'scope1' })
    const refused = await openBrowser().authorize({ scope: 'scope1', prompt: 'none' })

    assert.deepEqual(Object.keys(landing.parameters), ['code', 'iss'])
    assert.equal(refused.parameters.error, 'login_required')
    assert.equal('session_state' in refused.parameters, false)
  })
})
