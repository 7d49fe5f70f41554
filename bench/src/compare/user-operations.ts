import { issuedToken } from './checks.ts'
import type { Operation } from './operations.ts'
import type { WebClient } from './registrations.ts'
import { codeFlowOf, refreshOf } from './requests.ts'
import { nonce } from './sign-in.ts'
import { checkUserTokens } from './token-checks.ts'

/** Of these, which take long, fewer are enough. */
export const longWarmUp = 8_000

const work = 'node:http and reading the form; authenticating the client; storing tokens'

/** What the access token is, beside an ID Token that each signs with RS256. */
const accessTokens: Readonly<Record<WebClient, string>> = {
  web: 'JWT access token, ES256 here and RS256 there',
  'web-es256': 'JWT access token, ES256 on both sides',
  'web-reference': 'opaque access token on both sides',
}

/** What users come to have tokens by, by the name that `--only` knows it by. */
export const userOperations: Readonly<Record<string, Operation>> = {
  'code-flow': { ...codeFlow('web'), goals: { memory: 1.8, sqlite: 1.6 } },
  refresh: { ...refresh('web'), goals: { memory: 1.6, sqlite: 1.4 } },
  'code-flow-es256': codeFlow('web-es256'),
  'refresh-es256': refresh('web-es256'),
  'code-flow-reference': codeFlow('web-reference'),
  'refresh-reference': refresh('web-reference'),
}

function codeFlow(client_id: WebClient): Operation {
  return {
    ...operationOf(client_id),
    title: `Code flow, ${accessTokens[client_id]}`,
    count: 1_000,
    dominatedBy: `two requests; ${work}`,
    prepare: codeFlowOf(client_id),
    check: checkUserTokens(client_id),
  }
}

function refresh(client_id: WebClient): Operation {
  return {
    ...operationOf(client_id),
    title: `Refresh, ${accessTokens[client_id]}`,
    count: 1_500,
    dominatedBy: work,
    prepare: refreshOf(client_id),
    check: checkUserTokens(client_id, [nonce, undefined]),
  }
}

function operationOf(client_id: WebClient) {
  return {
    warmUp: longWarmUp,
    signatures: client_id === 'web-reference' ? ['sign RS256'] : ['sign RS256', 'sign ES256'],
    hasLimit: false,
    issued: issuedToken,
  } satisfies Partial<Operation>
}
