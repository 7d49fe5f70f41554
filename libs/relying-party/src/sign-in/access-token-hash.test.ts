import assert from 'node:assert/strict'
import { describe, it } from 'node:test'

import { validateAccessTokenHash } from './access-token-hash.ts'

/** Without a signature: that was checked before. */
function createIdToken(alg: string, at_hash: string | undefined): string {
  const parts = [{ alg }, { sub: '1', at_hash }]
  return `${parts.map((part) => Buffer.from(JSON.stringify(part)).toString('base64url')).join('.')}.`
}

/** The left halves of the hashes of `token`, made with OpenSSL. */
const hashes = {
  256: 'PEaenWxYddN6Q_NT1PiOYQ',
  384: 'Cm6hANx1qgPTYYSWu3KFaieklEAsPkh3',
  512: 'ImXaughy_DrvFp0Hk2XlkPDLyO1GwqeYTIpkKAPP2Ww',
}

describe('the hash of the access token', () => {
  for (const [alg, at_hash] of [
    ['RS256', hashes[256]],
    ['PS384', hashes[384]],
    ['ES512', hashes[512]],
    ['EdDSA', hashes[512]],
    ['Ed25519', hashes[512]],
    ['ES256', undefined],
  ] as const) {
    it(`is accepted with ${alg}${at_hash === undefined ? ' when there is none' : ''}`, () => {
      validateAccessTokenHash('token', createIdToken(alg, at_hash))
    })
  }

  for (const [alg, at_hash] of [
    ['RS384', hashes[256]],
    ['ES256', hashes[256].slice(0, -1)],
    ['Ed448', hashes[512]],
    ['ES256', ''],
  ] as const) {
    it(`is refused when ${at_hash.slice(0, 4) || 'nothing'} is not that of ${alg}`, () => {
      assert.throws(() => validateAccessTokenHash('token', createIdToken(alg, at_hash)), {
        name: 'ProblemError',
      })
    })
  }
})
