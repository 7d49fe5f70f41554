import * as base64url from '/jose/util/base64url.js'

/**
 * What has to be known again when the answer comes.
 *
 * @typedef {object} SignInAttempt
 * @property {string} state Names this attempt.
 * @property {string} nonce Comes back in the ID Token.
 * @property {string} [code_verifier] Of the code flow: its hash goes ahead.
 */

/** 256 random bits, 43 characters: what nobody guesses. */
export function randomValue() {
  return base64url.encode(crypto.getRandomValues(new Uint8Array(32)))
}

/**
 * Keeps the attempt until the browser comes back, in the storage of this tab: an answer that was asked for
 * in another tab, or in none, finds nothing here.
 *
 * @param {string} clientId
 * @param {SignInAttempt} attempt
 */
export function keepAttempt(clientId, attempt) {
  sessionStorage.setItem(clientId, JSON.stringify(attempt))
}

/**
 * The attempt that this tab made last, once.
 *
 * @param {string} clientId
 * @returns {SignInAttempt | undefined}
 */
export function takeAttempt(clientId) {
  const kept = sessionStorage.getItem(clientId)
  sessionStorage.removeItem(clientId)
  return kept === null ? undefined : JSON.parse(kept)
}
