import assert from 'node:assert/strict'

import { openBrowser } from './browser.ts'
import { type Answer, type Http, readJson, Unanswered } from './http.ts'
import type { Family, Journal, KeptCode } from './journal.ts'
import { nextPerson } from './people.ts'
import type { ServerProcess } from './server-process.ts'
import { authorize, createRequest, redeem } from './sign-in.ts'
import { consentClients } from './token-service.ts'

/** How often a refresh token is exchanged: often enough for some kills to come in between. */
const usesOfFamily = 6

let nextClient = 0
let nextToken = 0

/**
 * Works until a request is not answered, since the token service is gone.
 *
 * @throws {Unanswered} when it had not been told to end
 */
export async function workUntilGone(
  { isEnding }: ServerProcess,
  work: () => Promise<void>,
): Promise<void> {
  try {
    for (;;) await work()
  } catch (error) {
    if (!(error instanceof Unanswered && isEnding())) throw error
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

/** Signs a user in at a client whose access tokens are JWTs. */
export async function issueSigned(http: Http, { signedTokens }: Journal): Promise<void> {
  const request = createRequest('web-client')
  const owner = { ...request, person: nextPerson() }
  const browser = openBrowser(http)
  const code = await authorize(browser, request, owner.person)
  const tokens = readJson(await redeem(http, owner.client_id, code))
  signedTokens.push({ ...owner, browser, tokens, at: new Date() })
}

/**
 * Signs a user in, who consents to a client for good. Of six codes two are kept, one is used in two requests at once,
 * one is used once, and of two come refresh tokens.
 */
export async function signInAndConsent(http: Http, journal: Journal): Promise<void> {
  const n = nextClient++
  const client_id = `consent-client-${n % consentClients}`
  const browser = openBrowser(http)
  const person = nextPerson()
  const code = await authorize(browser, createRequest(client_id, 'openid scope1'), person)
  journal.consents.push({ browser, client_id, person })
  if (n % 3 === 0) journal.unusedCodes.push({ client_id, code })
  else if (n % 6 === 1) await useTwiceAtOnce(http, journal, { client_id, code })
  else if (n % 6 === 4) await useOnce(http, journal, { client_id, code })
  else {
    const offline = createRequest(client_id, 'openid scope1 offline_access')
    await useAndRefresh(http, journal, { client_id, code: await authorize(browser, offline) })
  }
}

async function useTwiceAtOnce(http: Http, journal: Journal, kept: KeptCode): Promise<void> {
  journal.doubtfulCodes.push(kept)
  assert.ok((await countUses(http, kept)) <= 1, 'a code was used twice')
  journal.doubtfulCodes.splice(journal.doubtfulCodes.indexOf(kept), 1)
  journal.usedCodes.push(kept)
}

async function useOnce(http: Http, journal: Journal, kept: KeptCode): Promise<void> {
  const { client_id, code } = kept
  journal.doubtfulCodes.push(kept)
  const { access_token = '' } = readJson(await redeem(http, client_id, code))
  journal.doubtfulCodes.splice(journal.doubtfulCodes.indexOf(kept), 1)
  journal.redeemedCodes.push({ ...kept, access_token })
}

/** Sends a code in two requests at once: how many of them got tokens. None did if the first saw that the second came. */
export function countUses(http: Http, { client_id, code }: KeptCode): Promise<number> {
  return countTokens(() => redeem(http, client_id, code))
}

/** As {@link countUses}, for the last refresh token of a family. */
export function countRefreshes(http: Http, family: Family): Promise<number> {
  return countTokens(() => refresh(http, family, family.current))
}

async function countTokens(request: () => Promise<Answer>): Promise<number> {
  const answers = await Promise.all([request(), request()])
  return answers.filter(({ status }) => status === 200).length
}

async function useAndRefresh(http: Http, journal: Journal, kept: KeptCode): Promise<void> {
  const { client_id, code } = kept
  journal.doubtfulCodes.push(kept)
  const { refresh_token = '' } = readJson(await redeem(http, client_id, code))
  journal.doubtfulCodes.splice(journal.doubtfulCodes.indexOf(kept), 1)
  const family: Family = { client_id, current: refresh_token, spent: [] }
  journal.doubtfulFamilies.push(family)
  for (let use = 0; use < usesOfFamily; use++) await useLast(http, family)
  journal.doubtfulFamilies.splice(journal.doubtfulFamilies.indexOf(family), 1)
  journal.families.push(family)
}

async function useLast(http: Http, family: Family): Promise<void> {
  const { current } = family
  const { refresh_token = '' } = readJson(await refresh(http, family, current))
  family.spent.push(current)
  family.current = refresh_token
}

/** Uses a refresh token of a family: whatever the token service answers. */
export function refresh(http: Http, { client_id }: Family, refresh_token: string): Promise<Answer> {
  return http.post('/connect/token', { grant_type: 'refresh_token', refresh_token }, client_id)
}
