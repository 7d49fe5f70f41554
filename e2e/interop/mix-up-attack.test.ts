import assert from 'node:assert/strict'
import { describe } from 'node:test'

import { ClientSecretBasic } from 'openid-client'

import { between } from './capabilities.ts'
import { HttpBrowser } from './support/http-browser.ts'
import { startWebApp } from './support/start-web-app.ts'

describe('relying-party at oidc-provider, when its answer seems to come from another issuer', () => {
  const proves = between('relying-party', 'oidc-provider', import.meta.filename)

  proves(['Issuer in the response'], 'takes it only as the provider gave it', async (t) => {
    const { url, issuer, logged } = await startWebApp(t, {
      options: { clientAuthentication: ClientSecretBasic('secret') },
      registration: { client_secret: 'secret' },
    })

    /** Signs in, with the address that the provider sends the browser to changed. */
    async function signIn(change: (answer: URLSearchParams) => void) {
      const browser = new HttpBrowser()
      const stopAt = ({ pathname }: URL) => pathname === '/signin-oidc'
      const { url: answer } = await browser.open(`${url}/secure`, { stopAt })
      assert.equal(answer.searchParams.get('iss'), issuer)
      change(answer.searchParams)
      const { status, body } = await browser.open(answer)
      const { signedIn } = JSON.parse((await browser.open(url)).body)
      return { status, body, signedIn }
    }

    for (const change of [
      (answer: URLSearchParams) => answer.set('iss', 'https://other.example'),
      (answer: URLSearchParams) => answer.delete('iss'),
    ]) {
      const { status, body, signedIn } = await signIn(change)
      assert.deepEqual({ status, signedIn }, { status: 400, signedIn: false })
      assert.match(body, /&quot;iss&quot;/)
    }
    assert.equal(logged.length, 2)
    assert.equal((await signIn(() => {})).signedIn, true)
  })
})
