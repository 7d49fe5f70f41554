import { decodeJwt } from 'jose'

import { openBrowser } from './browser.ts'
import type { Flow } from './flow.ts'
import { readJson } from './http.ts'
import type { LogoutReceiver } from './logout-receiver.ts'
import { nextPerson } from './people.ts'
import { authorize, createRequest, redeem, signOut } from './sign-in.ts'
import { readKeys, verifyLogoutToken } from './signed-tokens.ts'

/** A user signs out, and the client whose receiver this is has been told. */
export function toldLogout(receiver: LogoutReceiver): Flow {
  return async (http) => {
    const client_id = 'told-client'
    const person = nextPerson()
    const browser = openBrowser(http)
    const code = await authorize(browser, createRequest(client_id), person)
    const { id_token = '' } = readJson(await redeem(http, client_id, code))
    const { sid } = decodeJwt<{ readonly sid: string }>(id_token)
    await signOut(browser, id_token)
    await verifyLogoutToken(await readKeys(http), await receiver.told(sid), {
      client_id,
      sub: person.sub,
      sid,
    })
  }
}
