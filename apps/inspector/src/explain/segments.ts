/** A piece of text: as it is, or a secret that is shown only to who asks for it. */
export interface Segment {
  readonly text: string
  readonly isSecret: boolean
}

const secretNames = [
  ...['code', 'code_verifier', 'state', 'nonce', 'request', 'request_uri', 'session_state'],
  ...['access_token', 'refresh_token', 'id_token', 'id_token_hint', 'logout_token', 'token'],
  ...['client_secret', 'client_assertion', 'assertion', 'password', 'csrf', '_csrf'],
]

/** Long enough to be a handle, a signature or a token, and mixed as no word is. */
const random = '(?=[\\w-]*\\d)(?=[\\w-]*[A-Z])[\\w-]{32,}(?:\\.[\\w-]*)*'

const names = secretNames.join('|')

const secrets = new RegExp(
  [
    '(?<=^authorization: \\w+ )\\S.*',
    '(?<=^(?:cookie|set-cookie): [^=\\n]*=)[^;\\n]+',
    // Cookies after the first.
    '(?<=^cookie: .*; ?[^=;\\n]*=)[^;\\n]+',
    `(?<=(?:^|[?&#\\s])(?:${names})=)[^&\\s]+`,
    `(?<="(?:${names})"\\s*:\\s*")[^"]+`,
    random,
  ].join('|'),
  'gim',
)

const isRandom = new RegExp(`${random}`)

/** Whether a parameter's value is one that opens something, or is random and thus may. */
export function isSecret(name: string, value: string): boolean {
  return secretNames.includes(name) || isRandom.test(value)
}

/** The text of a message with its secrets set apart. Put together again, the segments are the text. */
export function splitSecrets(text: string): Segment[] {
  const segments: Segment[] = []
  let end = 0
  for (const { 0: secret, index } of text.matchAll(secrets)) {
    if (index > end) segments.push({ text: text.slice(end, index), isSecret: false })
    segments.push({ text: secret, isSecret: true })
    end = index + secret.length
  }
  if (end < text.length) segments.push({ text: text.slice(end), isSecret: false })
  return segments
}
