import { appAt } from './create-exchange.ts'
import { type Exchange, readHeader, readRedirect } from './exchange.ts'
import { type Parameter, readRequestParameters, readResponseParameters } from './read-parameters.ts'

/** What the diagram shows of an exchange: no secret among it. */
export interface Summary extends Pick<Exchange, 'id' | 'from' | 'to' | 'channel'> {
  readonly startedAt: number
  readonly endedAt: number
  /** `POST /connect/token` */
  readonly request: string
  /** `grant_type=refresh_token · refresh_token` */
  readonly requestDetail: string
  /** `302 to mvc-par /signin-oidc`; why there is no answer, or not all of it. */
  readonly response: string
  readonly responseDetail: string
  readonly isError: boolean
  /** The client that the request is about, where it says so. */
  readonly client_id?: string
}

/** Parameters whose values tell the steps of a protocol apart, and give nothing away. */
const telling = ['grant_type', 'response_type', 'response_mode', 'prompt', 'error', 'active']

/** More names than fit beside an arrow say less. */
const mostNames = 8

/** Characters of a text: a page that watches gets the summaries of all exchanges, whoever sent them. */
const longest = 300

export function summarize(exchange: Exchange): Summary {
  const { id, from, to, channel, startedAt, endedAt, method, url, response, error } = exchange
  const parameters = readRequestParameters(exchange)
  const client_id = findClientId(exchange, parameters)
  return {
    id,
    from: shorten(from),
    to: shorten(to),
    channel,
    startedAt,
    endedAt,
    request: shorten(`${method} ${new URL(url).pathname}`),
    requestDetail: describe(parameters),
    response: shorten(describeAnswer(exchange)),
    responseDetail: describe(readResponseParameters(exchange)),
    isError: response === undefined || response.status >= 400 || error !== undefined,
    ...(client_id !== undefined && { client_id: shorten(client_id) }),
  }
}

function describe(parameters: readonly Parameter[]): string {
  const shown = parameters
    .slice(0, mostNames)
    .map(({ name, value }) => (telling.includes(name) ? `${name}=${value.slice(0, 60)}` : name))
  return shorten([...shown, ...(parameters.length > mostNames ? ['…'] : [])].join(' · '))
}

function shorten(text: string): string {
  return text.slice(0, longest)
}

function describeAnswer(exchange: Exchange): string {
  const { response, error } = exchange
  if (response === undefined) return error ?? 'no answer'
  const target = readRedirect(exchange)
  const direction = target && `to ${appAt(target.href)} ${target.pathname}`
  return [response.status, direction, error && `· ${error}`].filter(Boolean).join(' ')
}

/** From the parameters, from Basic credentials, or from the address that a page returns to. */
function findClientId({ request }: Exchange, parameters: readonly Parameter[]) {
  const named = parameters.find(({ name }) => name === 'client_id')
  if (named !== undefined) return named.value
  const [, basic] = /^Basic (\S+)$/i.exec(readHeader(request, 'authorization')) ?? []
  if (basic !== undefined) return decodeUser(basic)
  const returnUrl = parameters.find(({ name }) => name.toLowerCase() === 'returnurl')?.value
  return new URLSearchParams(returnUrl?.split('?')[1]).get('client_id') ?? undefined
}

function decodeUser(basic: string): string {
  const [user = ''] = Buffer.from(basic, 'base64').toString().split(':')
  return new URLSearchParams(`user=${user}`).get('user') ?? user
}
