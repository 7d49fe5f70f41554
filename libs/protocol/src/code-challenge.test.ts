import assert from 'node:assert/strict'
import { describe, it } from 'node:test'

import { createCodeChallenge, isCodeVerifier, matchesCodeChallenge } from './code-challenge.ts'

/** RFC 7636 appendix B. */
const verifier = 'dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk'
const challenge = 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM'

describe('code challenge', () => {
  it('is the one of RFC 7636 appendix B', () => {
    assert.equal(createCodeChallenge(verifier), challenge)
  })

  it('matches its verifier and no other', () => {
    assert.equal(matchesCodeChallenge(verifier, challenge), true)
    assert.equal(matchesCodeChallenge(verifier.replace('d', 'e'), challenge), false)
    assert.equal(matchesCodeChallenge(undefined, challenge), false)
  })

  it('refuses a verifier where there was no challenge', () => {
    assert.equal(matchesCodeChallenge(verifier, undefined), false)
    assert.equal(matchesCodeChallenge(undefined, undefined), true)
  })

  it('has verifiers of 43 to 128 unreserved characters', () => {
    assert.equal(isCodeVerifier('a'.repeat(42)), false)
    assert.equal(isCodeVerifier('a'.repeat(43)), true)
    assert.equal(isCodeVerifier('a'.repeat(128)), true)
    assert.equal(isCodeVerifier('a'.repeat(129)), false)
    assert.equal(isCodeVerifier(`${'a'.repeat(43)}+`), false)
  })

  it('never takes a verifier of another form, even if its hash is the challenge', () => {
    const short = 'abc'

    assert.equal(matchesCodeChallenge(short, createCodeChallenge(short)), false)
  })
})
