import assert from 'node:assert/strict'

import { type Http, readJson } from './http.ts'
import type { Family, Journal } from './journal.ts'
import { countUses, refresh } from './journaled-work.ts'
import { authorize, createRequest, redeem } from './sign-in.ts'

/**
 * Asserts that all that was acknowledged is so. What can be shown but once is then taken out of the journal: the
 * codes, and the families of refresh tokens.
 */
export async function verifyJournal(http: Http, journal: Journal): Promise<void> {
  for (const token of journal.issued) await verifyToken(http, token, true)
  for (const token of journal.revoked) await verifyToken(http, token, false)
  await verifySessions(http, journal)
  for (const family of journal.families.splice(0)) await verifyFamily(http, family)
  for (const kept of journal.unusedCodes.splice(0))
    assert.equal(await countUses(http, kept), 1, 'a code that was issued is lost, or used twice')
  for (const { client_id, code } of journal.usedCodes.splice(0))
    assert.equal((await redeem(http, client_id, code)).status, 400, 'a code was used again')
  for (const kept of journal.doubtfulCodes.splice(0))
    assert.ok((await countUses(http, kept)) <= 1, 'a code was used twice')
}

async function verifyToken(http: Http, token: string, isActive: boolean): Promise<void> {
  const answer = readJson(await http.post('/connect/introspect', { token }, 'introspection'))
  assert.equal(answer.active, isActive, isActive ? 'a token is lost' : 'a revocation is lost')
}

/** Nobody is asked for anything, since nobody may be: a lost session or consent is an error. */
async function verifySessions(http: Http, { consents }: Journal): Promise<void> {
  for (const { browser, client_id } of consents) {
    const request = { ...createRequest(client_id, 'openid scope1'), prompt: 'none' }
    const code = await authorize(browser, request)
    readJson(await redeem(http, client_id, code))
  }
}

/** The last token works, and one that was used does not: it ends the family. */
async function verifyFamily(http: Http, family: Family): Promise<void> {
  const { client_id, spent } = family
  if (family.current !== undefined) await refresh(http, family)
  for (const refresh_token of [...spent, family.current ?? ''].filter((token) => token !== '')) {
    const form = { grant_type: 'refresh_token', refresh_token }
    const { status } = await http.post('/connect/token', form, client_id)
    assert.equal(status, 400, 'a refresh token was used again')
  }
}
