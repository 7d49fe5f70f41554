import { type Browser, openBrowser } from './browser.ts'
import { machineFlows } from './flows.ts'
import { type Http, readJson, requireOk } from './http.ts'
import { alice } from './people.ts'
import { authorize, createRequest, redeem, signOut } from './sign-in.ts'

/** Something that is done again and again, and what it may leave behind. */
export interface RepeatedWork {
  /** In the plural. */
  readonly name: string
  /** How often: until the heap has what it needs, and while it is measured. */
  readonly turns: { readonly before: number; readonly measured: number }
  /** Bytes of the heap for each turn, on the average. */
  readonly allowed: number
  act(http: Http): Promise<void>
}

const kibibyte = 2 ** 10

/**
 * What all flows come down to. What a user is granted is measured in a session that there is: beside a sign-in, which
 * takes longer and has more to it, too little of it would be seen.
 */
export function createRepeatedWorks(): readonly RepeatedWork[] {
  return [
    {
      name: 'rounds of 10 requests by machines',
      turns: { before: 20, measured: 60 },
      allowed: 20 * kibibyte,
      act: async (http) => void (await Promise.all(machineFlows.map((flow) => flow(http)))),
    },
    {
      name: 'grants of a user who is signed in',
      turns: { before: 40, measured: 80 },
      allowed: 4 * kibibyte,
      act: grantAgain(),
    },
    {
      // The throttle of sign-ins keeps a count of each address for 15 minutes, in less than 1 KiB.
      name: 'sessions, from the sign-in to the sign-out',
      turns: { before: 8, measured: 16 },
      allowed: 12 * kibibyte,
      act: openAndEndSession,
    },
  ]
}

const client_id = 'pushing-client'

/** A request that is pushed, its code, what comes of that, userinfo, a refresh and its end, each time in the same session. */
function grantAgain(): (http: Http) => Promise<void> {
  let browser: Browser | undefined
  return async (http) => {
    browser ??= openBrowser(http)
    const pushed = await http.post('/connect/par', createRequest(client_id), client_id)
    const { request_uri = '' } = readJson(pushed, 201)
    const code = await authorize(browser, { client_id, request_uri }, alice)
    const tokens = readJson(await redeem(http, client_id, code))
    const { access_token, refresh_token: token = '' } = tokens
    const headers = { Authorization: `Bearer ${access_token}` }
    requireOk(await http.request('/connect/userinfo', { headers }))
    const form = { grant_type: 'refresh_token', refresh_token: token }
    requireOk(await http.post('/connect/token', form, client_id))
    requireOk(await http.post('/connect/revocation', { token }, client_id))
  }
}

async function openAndEndSession(http: Http): Promise<void> {
  const browser = openBrowser(http)
  const code = await authorize(browser, createRequest('web-client', 'openid'), alice)
  const { id_token = '' } = readJson(await redeem(http, 'web-client', code))
  await signOut(browser, id_token)
}
