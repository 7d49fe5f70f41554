import assert from 'node:assert/strict'
import { describe, it, type TestContext } from 'node:test'

import { runProgram } from '../test-support/run-program.ts'

async function readUrls(t: TestContext, env: Record<string, string> = {}) {
  const outcome = await runProgram(
    t,
    `import { issuer, serverAt, urls } from './src/urls.ts'
     console.log(JSON.stringify({ issuer, urls, server: serverAt(urls.mvcJarJwt) }))`,
    env,
  )
  return { ...outcome, ...(outcome.code === 0 && JSON.parse(outcome.stdout)) }
}

describe('urls', { concurrency: true }, () => {
  it('give every app a port of its own, and the token service as issuer', async (t) => {
    const { urls, issuer, server } = await readUrls(t)

    assert.deepEqual(urls, {
      identityServer: 'http://localhost:5001',
      simpleApi: 'http://localhost:5002',
      resourceApi: 'http://localhost:5003',
      inspector: 'http://localhost:5010',
      mvcBasic: 'http://localhost:44300',
      mvcTokenManagement: 'http://localhost:44301',
      mvcJarJwt: 'http://localhost:44302',
      mvcPar: 'http://localhost:44303',
      mvcBackChannelLogout: 'http://localhost:44304',
      mvcHybrid: 'http://localhost:44305',
      spaImplicit: 'http://localhost:44306',
    })
    assert.equal(issuer, urls.identityServer)
    assert.deepEqual(server, { app: 'mvc-jar-jwt', variable: 'MVC_JAR_JWT_URL' })
  })

  it('are moved by the environment, and lose a trailing slash', async (t) => {
    const { urls, issuer } = await readUrls(t, {
      IDENTITY_SERVER_URL: 'https://login.example.com/',
      SIMPLE_API_URL: '',
    })

    assert.equal(urls.identityServer, 'https://login.example.com')
    assert.equal(urls.simpleApi, 'http://localhost:5002')
    assert.equal(issuer, 'https://login.example.com')
  })

  it('keep an issuer as it is written, for it is compared as a string', async (t) => {
    const { issuer } = await readUrls(t, { ISSUER: 'https://login.example.com/' })

    assert.equal(issuer, 'https://login.example.com/')
  })

  for (const value of [
    'localhost:5001',
    'ftp://localhost',
    'http://user@localhost',
    'http://:password@localhost',
    'http://localhost/?a',
    'http://localhost/?',
    'http://localhost#',
  ]) {
    it(`end the process with a sentence for ${value}`, async (t) => {
      const { code, stderr } = await readUrls(t, { SIMPLE_API_URL: value })

      assert.equal(code, 1)
      assert.equal(
        stderr,
        `SIMPLE_API_URL is "${value}": expected an http or https URL without credentials, query and fragment, like http://localhost:5002\n`,
      )
    })
  }

  it('end the process with a sentence for a path, under which no app answers', async (t) => {
    const value = 'http://localhost:5001/tenant'

    const { code, stderr } = await readUrls(t, { IDENTITY_SERVER_URL: value })

    assert.equal(code, 1)
    assert.equal(
      stderr,
      `IDENTITY_SERVER_URL is "${value}": expected an origin, without a path, like http://localhost:5001\n`,
    )
  })

  it('leave the path of an issuer alone', async (t) => {
    const { issuer } = await readUrls(t, { ISSUER: 'https://login.example.com/tenant' })

    assert.equal(issuer, 'https://login.example.com/tenant')
  })
})
