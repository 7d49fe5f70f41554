/** Of an entry of the inspector's HTTP Archive, what is needed here. */
export interface HarEntry {
  readonly startedDateTime: string
  readonly time: number
  readonly request: HarMessage & {
    readonly method: string
    readonly url: string
    readonly postData?: { readonly text: string }
  }
  readonly response: HarMessage & {
    readonly status: number
    readonly redirectURL: string
    readonly content: { readonly mimeType: string; readonly text: string }
  }
  readonly _from: string
  readonly _to: string
  readonly _started: number
}

interface HarMessage {
  readonly headers: readonly { readonly name: string; readonly value: string }[]
}

/** A message of a conversation, the same each time the conversation takes place. */
export interface Step {
  readonly from: string
  readonly to: string
  readonly kind: 'request' | 'response'
  /** The request it is, or answers: `POST /connect/token`. */
  readonly about: string
  readonly lines: readonly string[]
}

/** Parameters whose values are the same each time. Of others, the name says enough. */
const constant = [
  ...['client_id', 'response_type', 'response_mode', 'redirect_uri', 'scope', 'grant_type', 'iss'],
  ...['code_challenge_method', 'client_assertion_type', 'token_type', 'expires_in', 'active'],
  ...['token_type_hint', 'resource', 'error', 'post_logout_redirect_uri'],
]

/** More members of a JSON object than say something in a diagram. */
const mostMembers = 8

/**
 * What was said, in the order of cause: what one exchange made necessary stands between its request and
 * its answer, and what an app did when it had answered stands behind that, whatever the clock says. Random
 * values are left out, and so are the browser's questions whether a page may ask (CORS). Origins are named
 * by their app.
 *
 * @param origins The origin of each app, by the app's name.
 */
export function readConversation(
  entries: readonly HarEntry[],
  origins: Readonly<Record<string, string>>,
): Step[] {
  const ordered = entries
    .filter((entry) => entry.request.method !== 'OPTIONS')
    .map((entry) => ({ entry, ...readSpan(entry) }))
    .toSorted((a, b) => a.start - b.start || b.end - a.end)
  const causes = ordered.map((caused, index) => findCause(caused, ordered.slice(0, index)))
  const isAfter = ({ end }: Span, cause: Span) => end > cause.end

  const describe = (span: Span): Step[] => {
    const { request, response } = createSteps(span.entry, origins)
    const caused = ordered.filter((_, index) => causes[index] === span)
    const meanwhile = caused.filter((each) => !isAfter(each, span))
    const afterwards = caused.filter((each) => isAfter(each, span))
    return [request, ...meanwhile.flatMap(describe), response, ...afterwards.flatMap(describe)]
  }
  return ordered.filter((_, index) => causes[index] === undefined).flatMap(describe)
}

interface Span {
  readonly entry: HarEntry
  readonly start: number
  readonly end: number
}

/** What who asks was asked itself: what it was answering meanwhile, or else had answered last. */
function findCause(caused: Span, earlier: readonly Span[]): Span | undefined {
  const asked = earlier.filter(({ entry }) => entry._to === caused.entry._from)
  return asked.findLast(({ end }) => caused.end <= end) ?? asked.at(-1)
}

function readSpan({ _started, time }: HarEntry) {
  return { start: _started, end: _started + time }
}

function createSteps(entry: HarEntry, origins: Readonly<Record<string, string>>) {
  const { _from, _to, request, response } = entry
  const url = new URL(request.url)
  const about = `${request.method} ${url.pathname}`
  const name = (text: string) => nameOrigins(text, origins)
  const asked = [
    `${about}${describePairs(url.searchParams, '?')}`,
    ...readCredentials(request),
    ...(request.postData ? [describePairs(new URLSearchParams(request.postData.text))] : []),
  ]
  return {
    request: { from: _from, to: _to, kind: 'request', about, lines: asked.map(name) },
    response: {
      from: _to,
      to: _from,
      kind: 'response',
      about,
      lines: describeAnswer(response, url).map(name),
    },
  } satisfies Record<string, Step>
}

function readCredentials({ headers }: HarMessage): string[] {
  const { value } = headers.find(({ name }) => name.toLowerCase() === 'authorization') ?? {}
  if (value === undefined) return []
  const [scheme = '', credentials = ''] = value.split(' ')
  const [user] = Buffer.from(credentials, 'base64').toString().split(':')
  return [`Authorization: ${scheme} ${scheme === 'Basic' ? `${user}:… (in base64)` : '…'}`]
}

function describeAnswer({ status, redirectURL, content }: HarEntry['response'], url: URL) {
  if (redirectURL !== '') {
    const { origin, pathname, searchParams, hash } = new URL(redirectURL, url)
    const fragment = describePairs(new URLSearchParams(hash.slice(1)), '#')
    return [`${status} to ${origin}${pathname}${describePairs(searchParams, '?')}${fragment}`]
  }
  if (content.mimeType.includes('json')) return [`${status} ${describeMembers(content.text)}`]
  return [content.mimeType.includes('html') ? `${status}, a page` : `${status}`]
}

function describePairs(pairs: URLSearchParams, prefix = ''): string {
  const described = [...pairs].map(([name, value]) => describePair(name, value)).join('&')
  return described === '' ? '' : prefix + described
}

function describePair(name: string, value: unknown): string {
  if (constant.includes(name)) return `${name}=${value}`
  const [urn = ''] = /^urn:.*:/.exec(`${value}`) ?? []
  return `${name}=${urn}…`
}

function describeMembers(text: string): string {
  const value: unknown = JSON.parse(text)
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return '[…]'
  const members = Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1))
  if (members.length > mostMembers) return '{…}'
  return members.map(([name, member]) => describePair(name, member)).join(', ')
}

function nameOrigins(text: string, origins: Readonly<Record<string, string>>): string {
  return Object.entries(origins).reduce(
    (named, [app, origin]) => named.replaceAll(origin, `{${app}}`),
    text,
  )
}
