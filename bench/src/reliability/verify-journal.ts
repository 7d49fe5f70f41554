import assert from 'node:assert/strict'

import { type Http, readJson } from './http.ts'
import type { Family, Journal, RedeemedCode, SignedTokens } from './journal.ts'
import { countRefreshes, countUses, refresh } from './journaled-work.ts'
import { authorize, createRequest, redeem } from './sign-in.ts'
import { readKeys, verifyIdToken, verifyUserTokens } from './signed-tokens.ts'

/**
 * Asserts that all that was acknowledged is so. What can be shown but once is then taken out of the journal: the
 * codes, and the families of refresh tokens.
 */
export async function verifyJournal(http: Http, journal: Journal): Promise<void> {
  for (const token of journal.issued)
    assert.ok(await isActive(http, token, 'introspection'), 'a token is lost')
  for (const token of journal.revoked)
    assert.ok(!(await isActive(http, token, 'introspection')), 'a revocation is lost')
  for (const signed of journal.signedTokens) await verifySigned(http, signed)
  await verifySessions(http, journal)
  await verifyFamilies(http, journal)
  await verifyCodes(http, journal)
}

/** @param client_id whose token it is */
async function isActive(http: Http, token: string, client_id: string): Promise<boolean> {
  const { active } = readJson(await http.post('/connect/introspect', { token }, client_id))
  return String(active) === 'true'
}

/** The keys that JWTs were signed with are still published, and the token service knows its own again. */
async function verifySigned(http: Http, signed: SignedTokens): Promise<void> {
  const { browser, client_id, tokens, at } = signed
  await verifyUserTokens(http, tokens, signed, at)
  const { id_token: id_token_hint = '' } = tokens
  await authorize(browser, { ...createRequest(client_id), prompt: 'none', id_token_hint })
}

/** Nobody is asked for anything, since nobody may be: a lost session or consent is an error. */
async function verifySessions(http: Http, { consents }: Journal): Promise<void> {
  const keys = await readKeys(http)
  for (const session of consents) {
    const { browser, client_id } = session
    const request = { ...createRequest(client_id, 'openid scope1'), prompt: 'none' }
    const code = await authorize(browser, request)
    const { id_token = '' } = readJson(await redeem(http, client_id, code))
    await verifyIdToken(keys, id_token, { ...session, nonce: request.nonce })
  }
}

/** Of each family one token is tried: a replay ends the family, after which all of its tokens are refused anyway. */
const familyChecks: readonly ((http: Http, family: Family) => Promise<void>)[] = [
  (http, family) => refusesReplay(http, family, family.spent.at(-1)),
  (http, family) => refusesReplay(http, family, family.spent.at(0)),
  async (http, family) => {
    const { status } = await refresh(http, family, family.current)
    assert.equal(status, 200, 'a refresh token is lost')
  },
]

async function verifyFamilies(
  http: Http,
  { families, doubtfulFamilies, tried }: Journal,
): Promise<void> {
  for (const family of families.splice(0))
    await familyChecks[tried.families++ % familyChecks.length]?.(http, family)
  for (const family of doubtfulFamilies.splice(0)) {
    tried.doubtfulFamilies++
    assert.ok((await countRefreshes(http, family)) <= 1, 'a refresh token was used twice')
  }
}

/** A token that was used does not work again, and it ends the family: the last one does not work any more. */
async function refusesReplay(http: Http, family: Family, spent = ''): Promise<void> {
  const replay = await refresh(http, family, spent)
  assert.match(replay.body, /"invalid_grant"/, 'a refresh token was used again')
  const next = await refresh(http, family, family.current)
  assert.match(next.body, /"invalid_grant"/, 'a family of refresh tokens outlived a replay')
}

async function verifyCodes(
  http: Http,
  { unusedCodes, usedCodes, redeemedCodes, doubtfulCodes, tried }: Journal,
): Promise<void> {
  for (const { client_id, code } of unusedCodes.splice(0)) {
    tried.unusedCodes++
    assert.equal((await redeem(http, client_id, code)).status, 200, 'a code is lost')
  }
  for (const { client_id, code } of usedCodes.splice(0)) {
    tried.usedCodes++
    assert.equal((await redeem(http, client_id, code)).status, 400, 'a code was used again')
  }
  for (const redeemed of redeemedCodes.splice(0)) {
    tried.redeemedCodes++
    await endsTokens(http, redeemed)
  }
  for (const kept of doubtfulCodes.splice(0)) {
    tried.doubtfulCodes++
    assert.ok((await countUses(http, kept)) <= 1, 'a code was used twice')
  }
}

/** A code that was used does not work again, and that it is tried ends what came of the first use. */
async function endsTokens(
  http: Http,
  { client_id, code, access_token }: RedeemedCode,
): Promise<void> {
  assert.ok(await isActive(http, access_token, client_id), 'a token of a code is lost')
  assert.equal((await redeem(http, client_id, code)).status, 400, 'a code was used again')
  assert.ok(!(await isActive(http, access_token, client_id)), 'a token outlived its code')
}

/** Asserts that there was enough to try for each check to have had its turn. */
export function requireTrials({ signedTokens, tried }: Journal): void {
  assert.ok(signedTokens.length > 0, 'no JWT was there to verify')
  assert.ok(tried.redeemedCodes > 0, 'no code was there to try again')
  assert.ok(tried.families >= familyChecks.length, 'too few refresh tokens were there to try')
}
