import assert from 'node:assert/strict'

import { openBrowser } from './browser.ts'
import type { Flow } from './flow.ts'
import { type Http, readJson } from './http.ts'
import { verifyRevocation } from './machine-flows.ts'
import { nextPerson } from './people.ts'
import { createRequest, giveConsent, readCode, redeem, signIn } from './sign-in.ts'
import { readKeys, verifyIdToken, verifyUserinfo } from './signed-tokens.ts'

const client_id = 'consent-client-0'

/** The user is asked, and the client gets a reference token. */
export const consent: Flow = async (http) => {
  const { owner, tokens } = await signInWithConsent(http, 'openid profile scope1')
  const { access_token = '', id_token = '' } = tokens
  const { person, scope } = owner
  await verifyIdToken(await readKeys(http), id_token, owner)
  await verifyUserinfo(http, access_token, person)
  await verifyRevocation(http, tokens, { client_id, sub: person.sub, scope })
}

/** A refresh token is exchanged for the next, and the end of all of them is that the first comes again. */
export const oneTimeRefresh: Flow = async (http) => {
  const { owner, tokens } = await signInWithConsent(http, 'openid profile scope1 offline_access')
  const { refresh_token: first = '' } = tokens
  const { refresh_token: second = '' } = readJson(await refresh(http, first))
  const { refresh_token: third = '', access_token = '' } = readJson(await refresh(http, second))
  assert.equal(new Set([first, second, third]).size, 3)
  await verifyUserinfo(http, access_token, owner.person)
  for (const spent of [first, third])
    assert.match((await refresh(http, spent)).body, /"invalid_grant"/)
}

/** Signs the next person in, who consents for this once: the tokens, and whose they have to be. */
async function signInWithConsent(http: Http, scope: string) {
  const request = { ...createRequest(client_id, scope), prompt: 'consent' }
  const owner = { ...request, person: nextPerson() }
  const browser = openBrowser(http)
  const page = await signIn(browser, request, owner.person)
  assert.equal(page.url.pathname, '/consent')
  const code = readCode(await giveConsent(browser, page, scope))
  return { owner, tokens: readJson(await redeem(http, client_id, code)) }
}

function refresh(http: Http, refresh_token: string) {
  return http.post('/connect/token', { grant_type: 'refresh_token', refresh_token }, client_id)
}
