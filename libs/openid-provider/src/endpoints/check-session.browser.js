/*
 * The script of the page at check_session_iframe: an application's frame asks, by a message, whether
 * its user is still signed in, and is told "unchanged", "changed" or "error".
 * https://openid.net/specs/openid-connect-session-1_0.html#OPiframe
 *
 * It runs in whatever browser the user has, and in pages without TLS, where the browser's own SHA-256,
 * crypto.subtle, does not exist.
 */

/** Told by the page: it depends on where the page is. */
const { cookie: cookieName } = document.currentScript.dataset

addEventListener('message', (event) => {
  if (!isFromParent(event)) return
  event.source.postMessage(checkSession(event.data, event.origin), event.origin)
})

/** Only the site that has loaded this frame may ask. A browser that does not tell leaves it to the hash. */
function isFromParent({ origin }) {
  const isFramed = parent !== window
  return isFramed && origin !== 'null' && (location.ancestorOrigins?.[0] ?? origin) === origin
}

/** The message is the client's id, a space, and the `session_state` that the client was given. */
function checkSession(message, origin) {
  if (typeof message !== 'string') return 'error'
  const [, clientId, sessionState] =
    /^([\x20-\x7e]{1,100}) ([\x21-\x7e]{1,200})$/.exec(message) ?? []
  if (sessionState === undefined) return 'error'
  const salt = sessionState.slice(sessionState.lastIndexOf('.') + 1)
  const browserState = readBrowserState()
  // What is not there could be guessed, and any site would know by its guess who is not signed in.
  if (browserState === undefined) return 'changed'
  // Nobody tells the browser when a session is over, and this asks nobody.
  if (isOver(browserState)) return 'changed'
  const expected = `${sha256([clientId, origin, browserState, salt].join(' '))}.${salt}`
  return sessionState === expected ? 'unchanged' : 'changed'
}

/** A session's state ends with the second, since the epoch, in which the session is over. */
function isOver(browserState) {
  const [, expires] = browserState.split('.')
  return expires !== undefined && Date.now() >= Number(expires) * 1000
}

/** Of several cookies of the name at least one is a stranger's, so that none counts. */
function readBrowserState() {
  const prefix = `${cookieName}=`
  const [pair, ...others] = document.cookie.split('; ').filter((each) => each.startsWith(prefix))
  return others.length === 0 ? pair?.slice(prefix.length) : undefined
}

// SHA-256 as in FIPS 180-4: https://csrc.nist.gov/pubs/fips/180-4/upd1/final

/** The first 32 bits of the fractions of the square roots of the first 8 primes (§5.3.3). */
const initialHash = [
  0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19,
]

/** And of the cube roots of the first 64 (§4.2.2). */
const roundConstants = [
  0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
  0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
  0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
  0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
  0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
  0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
  0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
  0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2,
]

/** The hash of a text in UTF-8, in base64url. */
function sha256(text) {
  const words = pad(new TextEncoder().encode(text))
  const state = Uint32Array.from(initialHash)
  for (let start = 0; start < words.length; start += 16)
    compress(state, words.subarray(start, start + 16))
  return encodeBase64url(state)
}

/** A one bit, zeros, and the length in bits, so that blocks of 16 words are full (§5.1.1). */
function pad(bytes) {
  const words = new Uint32Array((((bytes.length + 8) >> 6) + 1) << 4)
  for (const [index, byte] of [...bytes, 0x80].entries())
    words[index >> 2] |= byte << (24 - (index & 3) * 8)
  words[words.length - 1] = bytes.length * 8
  return words
}

/** §6.2.2, with its names. */
function compress(state, block) {
  const w = new Uint32Array(64)
  w.set(block)
  for (let t = 16; t < 64; t++) {
    const sigma0 = rotate(w[t - 15], 7) ^ rotate(w[t - 15], 18) ^ (w[t - 15] >>> 3)
    const sigma1 = rotate(w[t - 2], 17) ^ rotate(w[t - 2], 19) ^ (w[t - 2] >>> 10)
    w[t] = w[t - 16] + sigma0 + w[t - 7] + sigma1
  }
  let [a, b, c, d, e, f, g, h] = state
  for (let t = 0; t < 64; t++) {
    const sum1 = rotate(e, 6) ^ rotate(e, 11) ^ rotate(e, 25)
    const choice = (e & f) ^ (~e & g)
    const t1 = h + sum1 + choice + roundConstants[t] + w[t]
    const sum0 = rotate(a, 2) ^ rotate(a, 13) ^ rotate(a, 22)
    const majority = (a & b) ^ (a & c) ^ (b & c)
    ;[h, g, f, e, d, c, b, a] = [g, f, e, (d + t1) | 0, c, b, a, (t1 + sum0 + majority) | 0]
  }
  for (const [index, word] of [a, b, c, d, e, f, g, h].entries()) state[index] += word
}

function rotate(word, bits) {
  return (word >>> bits) | (word << (32 - bits))
}

function encodeBase64url(words) {
  const bytes = [...words].flatMap((word) => [word >>> 24, word >>> 16, word >>> 8, word])
  const base64 = btoa(String.fromCharCode(...bytes.map((byte) => byte & 0xff)))
  return base64.replace(/\+/g, '-').replace(/\//g, '_').replace(/=+$/, '')
}
