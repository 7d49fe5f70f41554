import type { ReceivedRequest } from '../authorization-request/received-request.ts'
import { isLocalPath } from '../browser-response.ts'
import type { Provider } from '../configuration.ts'
import { paths } from '../endpoints/paths.ts'
import { issuerPath } from '../issuer-path.ts'
import { hashHandle, type Issued } from '../stores/handles.ts'
import { readOwnership } from '../stores/store.ts'

/**
 * An authorization request that waits for its user: kept while they sign in or consent, so that pages
 * pass on a reference to it and nothing that could be tampered with.
 */
export interface WaitingRequest extends ReceivedRequest {
  /** Whom the client asked: pages that answer it may be asked at another place. */
  readonly issuer: string
  /** The user said no, at the login or the consent page. */
  readonly denied?: boolean
  readonly consent?: ConsentAnswer
}

export interface ConsentAnswer {
  /** Who consented: nobody else's session may use it. */
  readonly sub: string
  readonly scope: readonly string[]
  /** The user's own name for the device. */
  readonly description?: string
}

export const waitingRequestType = 'waiting_request'

/** The user's consent to a request, from when the request waits no more until its response stands. */
export const usedConsentType = 'used_consent'

/** Milliseconds. */
const waitingTime = 60 * 60 * 1000

/** @returns the id by which it is found again */
export async function keepWaiting(
  request: ReceivedRequest,
  { waitingRequests, issuer, now }: Provider,
): Promise<string> {
  return waitingRequests.issue({ ...request, issuer }, { expires: now() + waitingTime })
}

/**
 * Ends the waiting: of two tabs that come back at once, one may go on. A consent that came with it is still there
 * for the user to take back.
 *
 * @returns whether this is the one
 */
export async function stopWaiting(
  id: string,
  { client_id, subject, consent, expires }: Issued<WaitingRequest>,
  { waitingRequests, now }: Provider,
): Promise<boolean> {
  if (consent === undefined) return (await waitingRequests.take(id)) !== undefined
  const type = usedConsentType
  const owners = readOwnership({ client_id, subject })
  return waitingRequests.supersede(id, { type, ...owners, created: now(), expires, data: {} })
}

/** Whether the consent that was given to a request has not been taken back. It is used up by that. */
export async function takeUsedConsent(id: string, { store }: Provider): Promise<boolean> {
  return (await store.take(usedConsentType, hashHandle(id))) !== undefined
}

/** What a page is given, to send the user back to when it is done. */
export function createReturnUrl(id: string, { issuer }: Provider): string {
  const path = issuerPath(issuer) + paths.authorizeCallback
  return `${path}?${new URLSearchParams({ id })}`
}

/** The id in a `returnUrl`, or undefined when it leads anywhere else. */
export function readReturnUrl(returnUrl: string | undefined): string | undefined {
  if (returnUrl === undefined || !isLocalPath(returnUrl)) return undefined
  const [path, query] = returnUrl.split('?', 2)
  // An issuer taken from the request may have any path in front, which only the browser's request tells.
  if (path?.endsWith(paths.authorizeCallback) !== true) return undefined
  return new URLSearchParams(query).get('id') ?? undefined
}
