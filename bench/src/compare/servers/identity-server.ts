/** Our token service as an application: behind Express, with pages and a log, on a free port. */
import { hash } from 'node:crypto'
import { mkdirSync, writeFileSync } from 'node:fs'
import { get } from 'node:http'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'

import { findFreeUrl } from '../../free-url.ts'
import { api, runFolder, secret } from '../registrations.ts'
import { answerQuestions } from './serve.ts'

const url = await findFreeUrl()
const folder = join(runFolder(), `application-${process.pid}`)
mkdirSync(folder)
const CONFIG = join(folder, 'clients.json')
writeFileSync(CONFIG, JSON.stringify(createConfiguration('es256')))

// Others would move it to where it is not looked for.
for (const name of ['ISSUER', 'PORT', 'HOST']) delete process.env[name]
Object.assign(process.env, { IDENTITY_SERVER_URL: url, DATA_DIR: folder, CONFIG })
await import(new URL('../../../../apps/identity-server/src/main.ts', import.meta.url).href)
while (!(await isHealthy())) await delay(5)
answerQuestions(url)

/** The machine that the other servers know as well. */
function createConfiguration(name: string): object {
  return {
    IdentityServer: {
      ApiScopes: [{ Name: name }],
      ApiResources: [{ Name: `${api}/${name}`, Scopes: [name] }],
      Clients: [
        {
          ClientId: name,
          ClientSecrets: [{ Value: hash('sha256', secret, 'base64') }],
          AllowedGrantTypes: ['client_credentials'],
          AllowedScopes: [name],
        },
      ],
    },
  }
}

/** By node:http, which it has loaded anyway. */
function isHealthy(): Promise<boolean> {
  return new Promise((resolve) => {
    const request = get(`${url}/health`, (response) =>
      resolve(response.resume().statusCode === 200),
    )
    request.on('error', () => resolve(false))
  })
}
