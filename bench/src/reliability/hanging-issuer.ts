import assert from 'node:assert/strict'

import { createHttp, type Http, readJson } from './http.ts'
import { describeLoad, longestFlow, type Print, requireGoodLoad, runLoad } from './load.ts'
import { findFreeUrl, startServer } from './server-process.ts'
import { createTokenServicePlace, type TokenServicePlace } from './token-service.ts'

/**
 * An API whose issuer hangs, and then is gone: it accepts the JWTs that it can check by itself as before, and answers
 * 503 for the tokens that it has to ask about.
 *
 * @param options.warmUp seconds at full load before
 * @param options.isQuiet whether the machine has nothing else to do, so that times say something of the API
 */
export async function besideHangingIssuer({
  seconds = 10,
  warmUp = 5,
  asking = 100,
  isQuiet = true,
  print = console.log as Print,
} = {}): Promise<void> {
  using place = await createTokenServicePlace()
  const service = await place.start()
  const api = await startApi(place)
  try {
    const jwt = await getToken(place, 'client-credentials')
    const reference = await getToken(place, 'introspection')
    const callApi = async (http: Http) => expectStatus(http, jwt, 200)
    const http = createHttp(api.url)
    await expectStatus(http, reference, 200)
    const rows: string[] = []
    const load = async (beside: string) => {
      const measured = await runLoad(api.url, [callApi], { seconds, rate: 50 })
      requireGoodLoad(measured, isQuiet ? longestFlow : undefined)
      rows.push(`JWTs at an API beside ${beside}: ${describeLoad(measured)}`)
    }

    requireGoodLoad(await runLoad(api.url, [callApi], { seconds: warmUp }))
    await load('an issuer that answers')
    service.child.kill('SIGSTOP')
    const started = performance.now()
    const refusals = Array.from({ length: asking }, () => expectStatus(http, reference, 503))
    const refused = Promise.all(refusals).then(() => performance.now() - started)
    const [, took] = await Promise.all([load('an issuer that hangs'), refused])
    service.child.kill('SIGCONT')
    await expectStatus(http, reference, 200)

    await service.end('SIGKILL')
    const gone = Array.from({ length: asking }, () => expectStatus(http, reference, 503))
    await Promise.all([load('an issuer that is gone'), ...gone])
    assert.equal(await api.end('SIGTERM'), 0)
    print(
      `${rows.join('; ')}; ${asking} reference tokens were answered 503, within ${(took / 1000).toFixed(1)} s while it hung`,
    )
  } finally {
    await api.end('SIGKILL')
    await service.end('SIGKILL')
  }
}

async function startApi({ url: ISSUER, folder: DATA_DIR }: TokenServicePlace) {
  const url = await findFreeUrl()
  return startServer('resource-api', url, { ISSUER, DATA_DIR, RESOURCE_API_URL: url })
}

async function getToken({ url }: TokenServicePlace, client_id: string): Promise<string> {
  const form = { grant_type: 'client_credentials', scope: 'scope2' }
  const { access_token = '' } = readJson(
    await createHttp(url).post('/connect/token', form, client_id),
  )
  return access_token
}

async function expectStatus(http: Http, token: string, expected: number): Promise<void> {
  const headers = { Authorization: `Bearer ${token}` }
  const { status, body } = await http.request('/identity', { headers })
  assert.equal(status, expected, body)
}
