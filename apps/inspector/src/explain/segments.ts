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

/**
 * Long enough to be a handle, a signature or a token, and mixed as no word is. Looked for where a word
 * begins and nowhere else in it, or one of 64 KiB would take seconds.
 */
const random = '(?<![\\w-])(?=[\\w-]*\\d)(?=[\\w-]*[A-Z])[\\w-]{32,}(?:\\.[\\w-]*)*'

const names = secretNames.join('|')

const named = [
  '(?<=^authorization: \\w+ )\\S.*',
  '(?<=^set-cookie: [^=\\n]*=)[^;\\n]+',
  `(?<=(?:^|[?&#\\s])(?:${names})=)[^&\\s]+`,
  `(?<="(?:${names})"\\s*:\\s*")[^"]+`,
].join('|')

/** Names are the same in capitals, and random text is not. `cookies` are for a look of their own. */
const secrets = new RegExp(`(?i:(?<=^cookie: )(?<cookies>.+)|${named})|${random}`, 'gm')

const cookieValues = new RegExp(`(?<=(?:^|;)[^=;]*=)[^;]+|${random}`, 'g')

const isRandom = new RegExp(random)

/** Whether a parameter's value is one that opens something, or is random and thus may. */
export function isSecret(name: string, value: string): boolean {
  return secretNames.includes(name) || isRandom.test(value)
}

/** The text of a message with its secrets set apart. Put together again, the segments are the text. */
export function splitSecrets(text: string): Segment[] {
  const segments: Segment[] = []
  let end = 0
  for (const { secret, index } of findSecrets(text)) {
    if (index > end) segments.push({ text: text.slice(end, index), isSecret: false })
    segments.push({ text: secret, isSecret: true })
    end = index + secret.length
  }
  if (end < text.length) segments.push({ text: text.slice(end), isSecret: false })
  return segments
}

function findSecrets(text: string): { secret: string; index: number }[] {
  return [...text.matchAll(secrets)].flatMap(({ 0: secret, index, groups }) => {
    const { cookies } = groups ?? {}
    if (cookies === undefined) return [{ secret, index }]
    return [...cookies.matchAll(cookieValues)].map((value) => ({
      secret: value[0],
      index: index + value.index,
    }))
  })
}
