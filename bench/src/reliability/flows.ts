import { consent, oneTimeRefresh } from './consent-flows.ts'
import type { Flow } from './flow.ts'
import { clientCredentials, metadata, privateKeyJwt, referenceToken } from './machine-flows.ts'
import { codeFlow, hybrid, implicit, pushedRequest, signedRequest } from './user-flows.ts'

/** What machines do, which comes without a password to hash. */
export const machineFlows: readonly Flow[] = [
  clientCredentials,
  referenceToken,
  privateKeyJwt,
  metadata,
]

/** All but the logout that a client is told of by the token service: see {@link toldLogout}. */
export const allFlows: readonly Flow[] = [
  ...machineFlows,
  codeFlow,
  pushedRequest,
  signedRequest,
  hybrid,
  implicit,
  consent,
  oneTimeRefresh,
]
