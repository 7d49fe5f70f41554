import assert from 'node:assert/strict'
import { once } from 'node:events'

import { findFreeUrl } from '../free-url.ts'
import { type Answer, createHttp, type Http, readJson, requireOk } from './http.ts'
import { openLateFront } from './late-front.ts'
import { describeLoad, longestFlow, type Print, requireGoodLoad, runLoad } from './load.ts'
import { type ServerProcess, startServer } from './server-process.ts'
import { createTokenServicePlace, type TokenServicePlace } from './token-service.ts'

const movableClock = new URL('movable-clock.ts', import.meta.url).href

/** Milliseconds for which an API waits for an answer of its issuer: a flow that waits for none takes less. */
const wait = 5_000
/** Milliseconds. */
const late = { inTime: 3_000, tooLate: 7_000 }
/** Seconds after which what an API knows of its issuer is due for renewal. */
const age = 601

/**
 * An API whose issuer is late, then hangs, and then is gone: it accepts the JWTs that it can check by itself as before.
 * For the tokens that it has to ask about, it answers 503 unless it is told in time. The issuer hangs until what the
 * API knows of it is due for renewal, too.
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
  const front = await openLateFront(place.url)
  const service = await place.start({ ISSUER: front.url })
  const api = await startApi(place, front.url)
  try {
    const jwt = await getToken(place, 'client-credentials')
    const reference = await getToken(place, 'introspection')
    const acceptsJwt = async (http: Http) => expectStatus(http, jwt, 200)
    const http = createHttp(api.url)
    await expectStatus(http, reference, 200)
    const rows: string[] = []
    const longest = isQuiet ? longestFlow : wait
    const load = async (beside: string) => {
      const measured = await runLoad(api.url, [acceptsJwt], { seconds, rate: 50 })
      requireGoodLoad(measured, longest)
      rows.push(`JWTs at an API beside ${beside}: ${describeLoad(measured)}`)
    }

    requireGoodLoad(await runLoad(api.url, [acceptsJwt], { seconds: warmUp }))
    await load('an issuer that answers')
    front.holdBack([late.inTime, late.tooLate])
    await Promise.all([load('an issuer that is late'), expectHalf(http, reference, asking)])
    front.holdBack([])

    service.child.kill('SIGSTOP')
    const refused = () => expectRefusals(http, reference, asking)
    const [, took] = await Promise.all([load('an issuer that hangs'), refused()])
    await moveClock(api, age)
    const healthy = runLoad(api.url, [isHealthy], { seconds, rate: 1 })
    const due = load('an issuer that hangs, when what is known of it is due for renewal')
    const [, tookDue] = await Promise.all([due, refused()])
    requireGoodLoad(await healthy, longest)
    service.child.kill('SIGCONT')
    await expectStatus(http, reference, 200)

    await service.end('SIGKILL')
    front.close()
    await Promise.all([load('an issuer that is gone'), refused()])
    assert.equal(await api.end('SIGTERM'), 0)
    print(
      `${rows.join('; ')}; of ${asking} reference tokens half were accepted while it was late, and all were answered 503, within ${took} s while it hung and within ${tookDue} s when a renewal was due`,
    )
  } finally {
    await api.end('SIGKILL')
    await service.end('SIGKILL')
    front.close()
  }
}

async function startApi({ folder: DATA_DIR }: TokenServicePlace, ISSUER: string) {
  const url = await findFreeUrl()
  const NODE_OPTIONS = `--import ${movableClock}`
  return startServer('resource-api', url, { ISSUER, DATA_DIR, RESOURCE_API_URL: url, NODE_OPTIONS })
}

async function moveClock({ child }: ServerProcess, seconds: number): Promise<void> {
  child.send(seconds)
  await once(child, 'message')
}

async function getToken({ url }: TokenServicePlace, client_id: string): Promise<string> {
  const form = { grant_type: 'client_credentials', scope: 'scope2' }
  const { access_token = '' } = readJson(
    await createHttp(url).post('/connect/token', form, client_id),
  )
  return access_token
}

/** Asserts that one of two is told in time, and the other is not. */
async function expectHalf(http: Http, token: string, asking: number): Promise<void> {
  const calls = Array.from({ length: asking }, () => callApi(http, token))
  const statuses = (await Promise.all(calls)).map(({ status }) => status)
  const half = Array.from({ length: asking / 2 })
  assert.deepEqual(statuses.sort(), [...half.map(() => 200), ...half.map(() => 503)])
}

/**
 * Asserts that all are answered with 503, and wait for one answer of the issuer at most.
 *
 * @returns seconds until the last one was
 */
async function expectRefusals(http: Http, token: string, asking: number): Promise<string> {
  const started = performance.now()
  await Promise.all(Array.from({ length: asking }, () => expectStatus(http, token, 503)))
  const took = performance.now() - started
  assert.ok(took < 1.5 * wait, `a refusal took ${took} ms`)
  return (took / 1000).toFixed(1)
}

async function expectStatus(http: Http, token: string, expected: number): Promise<void> {
  const { status, body } = await callApi(http, token)
  assert.equal(status, expected, body)
}

async function isHealthy(http: Http): Promise<void> {
  requireOk(await http.request('/health'))
}

function callApi(http: Http, token: string): Promise<Answer> {
  return http.request('/identity', { headers: { Authorization: `Bearer ${token}` } })
}
