import assert from 'node:assert/strict'

import { openBrowser } from './browser.ts'
import { type Http, readJson, Unanswered } from './http.ts'
import type { Family, Journal, KeptCode } from './journal.ts'
import { authorize, createRequest, redeem } from './sign-in.ts'
import { consentClients } from './token-service.ts'

let nextClient = 0
let nextToken = 0

/** Works until a request is not answered, since the token service is gone. */
export async function workUntilGone(work: () => Promise<void>): Promise<void> {
  try {
    for (;;) await work()
  } catch (error) {
    if (!(error instanceof Unanswered)) throw error
  }
}

/** Gets reference tokens, and revokes every third. */
export async function issueAndRevoke(http: Http, { issued, revoked }: Journal): Promise<void> {
  const form = { grant_type: 'client_credentials', scope: 'scope1' }
  const answer = await http.post('/connect/token', form, 'introspection')
  const { access_token: token = '' } = readJson(answer)
  if (nextToken++ % 3 !== 0) {
    issued.add(token)
    return
  }
  const { status } = await http.post('/connect/revocation', { token }, 'introspection')
  assert.equal(status, 200)
  revoked.add(token)
}

/**
 * Signs a user in, who consents to a client for good. Of three codes one is kept, one is used in two requests at
 * once, and of one come refresh tokens.
 */
export async function signInAndConsent(http: Http, journal: Journal): Promise<void> {
  const n = nextClient++
  const client_id = `consent-client-${n % consentClients}`
  const browser = openBrowser(http)
  const code = await authorize(browser, createRequest(client_id, 'openid scope1'))
  journal.consents.push({ browser, client_id })
  if (n % 3 === 0) journal.unusedCodes.push({ client_id, code })
  else if (n % 3 === 1) await useTwiceAtOnce(http, journal, { client_id, code })
  else {
    const offline = createRequest(client_id, 'openid scope1 offline_access')
    await useAndRefresh(http, journal, { client_id, code: await authorize(browser, offline) })
  }
}

async function useTwiceAtOnce(http: Http, journal: Journal, kept: KeptCode): Promise<void> {
  journal.doubtfulCodes.push(kept)
  assert.equal(await countUses(http, kept), 1)
  journal.doubtfulCodes.splice(journal.doubtfulCodes.indexOf(kept), 1)
  journal.usedCodes.push(kept)
}

/** Sends a code in two requests at once: how many of them got tokens. */
export async function countUses(http: Http, { client_id, code }: KeptCode): Promise<number> {
  const answers = await Promise.all([1, 2].map(() => redeem(http, client_id, code)))
  return answers.filter(({ status }) => status === 200).length
}

async function useAndRefresh(http: Http, journal: Journal, kept: KeptCode): Promise<void> {
  const { client_id, code } = kept
  journal.doubtfulCodes.push(kept)
  const { refresh_token } = readJson(await redeem(http, client_id, code))
  journal.doubtfulCodes.splice(journal.doubtfulCodes.indexOf(kept), 1)
  const family: Family = { client_id, current: refresh_token, spent: [] }
  journal.families.push(family)
  for (let use = 0; use < 3; use++) await refresh(http, family)
}

/** Uses the last refresh token of a family. */
export async function refresh(http: Http, family: Family): Promise<void> {
  const { client_id, current: refresh_token = '' } = family
  family.current = undefined
  const form = { grant_type: 'refresh_token', refresh_token }
  const tokens = readJson(await http.post('/connect/token', form, client_id))
  family.spent.push(refresh_token)
  family.current = tokens.refresh_token
}
