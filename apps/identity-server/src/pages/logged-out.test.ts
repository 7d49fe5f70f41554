import assert from 'node:assert/strict'
import { describe, it } from 'node:test'

import { startPages } from '../../test-support/start-pages.ts'

const logout = {
  clientName: '<Photo Album>',
  postLogoutRedirectUri: 'https://album.example/bye?state="a b"&x=<1>',
}
const back = 'https://album.example/bye?state=%22a%20b%22&x=%3C1%3E'

describe('logged-out page', () => {
  it('leads back to the application, by itself after 2 s', async (t) => {
    const { get } = await startPages(t, { logout })

    const response = await get('/account/logged-out?logoutId=7')
    const html = await response.text()

    assert.match(html, /<h1>You are signed out<\/h1>/)
    assert.match(html, /back at <strong>&lt;Photo Album&gt;<\/strong>/)
    assert.ok(html.includes(`href="${back.replace('&', '&amp;')}"`))
    assert.equal(response.headers.get('refresh'), `2; url=${back}`)
  })

  it('names the applications that are told, and frames what tells them', async (t) => {
    const clients = [{ clientId: 'web', clientName: '<Photo Album>' }, { clientId: 'other' }]
    const iframePath = '/connect/endsession/callback?endSessionId=a&b'
    const { get } = await startPages(t, { logout: { told: { clients, notTold: [], iframePath } } })

    const response = await get('/account/logged-out?logoutId=7')
    const html = await response.text()

    assert.deepEqual(readItems(html), ['&lt;Photo Album&gt;', 'other'])
    assert.doesNotMatch(html, /cannot be told/)
    const [, frame] = /<iframe ([^>]*)><\/iframe>/.exec(html) ?? []
    const path = iframePath.replace('&', '&amp;')
    assert.equal(frame, `src="${path}" title="Tells the applications" hidden`)
    const policy = response.headers.get('content-security-policy')?.split('; ')
    assert.ok(policy?.includes("frame-src 'self'"), policy?.join('; '))
  })

  it('names those that the server tells, and frames nothing for them', async (t) => {
    const told = { clients: [{ clientId: 'web' }], notTold: [], iframePath: undefined }
    const { get } = await startPages(t, { logout: { told } })

    const response = await get('/account/logged-out?logoutId=7')
    const html = await response.text()

    assert.match(html, /<li>web<\/li>/)
    assert.doesNotMatch(html, /<iframe/)
    assert.match(response.headers.get('content-security-policy') ?? '', /frame-src 'none'/)
  })

  it('names those that cannot be told, and that are left to the user', async (t) => {
    const notTold = [{ clientId: 'spa', clientName: '<Photo Page>' }, { clientId: 'other' }]
    const told = { clients: [{ clientId: 'web' }], notTold, iframePath: undefined }
    const { get } = await startPages(t, { logout: { told } })

    const html = await (await get('/account/logged-out?logoutId=7')).text()
    const [before = '', after = ''] = html.split('These cannot be told; sign out there yourself')

    assert.deepEqual(readItems(before), ['web'])
    assert.deepEqual(readItems(after), ['&lt;Photo Page&gt;', 'other'])
  })

  it('stays where no application waits', async (t) => {
    const { get } = await startPages(t)

    const response = await get('/account/logged-out')

    assert.match(await response.text(), /You can close this page/)
    assert.equal(response.headers.get('refresh'), null)
  })

  it('says so when someone is signed in, and stays', async (t) => {
    const { get } = await startPages(t, { signedIn: '1', logout })

    const response = await get('/account/logged-out?logoutId=7')

    assert.match(await response.text(), /<h1>You are signed in<\/h1>/)
    assert.equal(response.headers.get('refresh'), null)
  })
})

function readItems(html: string): (string | undefined)[] {
  return [...html.matchAll(/<li>(.*)<\/li>/g)].map(([, item]) => item)
}
