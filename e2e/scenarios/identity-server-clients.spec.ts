import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'

import { expect, test } from '../support/test.ts'

const program = 'apps/identity-server/src/manage-clients/main.ts'
const orders = {
  ClientId: 'orders',
  AllowedGrantTypes: ['client_credentials'],
  AllowedScopes: ['scope1'],
}

test('a client registered by command is served at once, until it is disabled or removed', async ({
  startApp,
  startProgram,
  freshEnvironment,
}) => {
  const manage = async (...args: string[]) => {
    const command = startProgram([program, ...args], freshEnvironment)
    return { exitCode: await command.exited, stdout: command.stdout, stderr: command.stderr }
  }
  const requestToken = async (secret: string) => {
    const response = await fetch(`${freshEnvironment.IDENTITY_SERVER_URL}/connect/token`, {
      method: 'POST',
      headers: { authorization: `Basic ${btoa(`orders:${secret}`)}` },
      body: new URLSearchParams({ grant_type: 'client_credentials' }),
    })
    const { scope, error } = await response.json()
    return scope ?? error
  }
  const server = startApp('identity-server', freshEnvironment)
  await server.printed(/listens on/)
  const file = join(freshEnvironment.DATA_DIR, 'orders.json')
  await writeFile(file, JSON.stringify(orders))

  const old = readShownSecret((await manage('add', file)).stdout)
  expect(await requestToken(old)).toBe('scope1')
  expect(await requestToken('wrong')).toBe('invalid_client')

  await manage('disable', 'orders')
  expect(await requestToken(old)).toBe('invalid_client')
  await manage('enable', 'orders')
  expect(await requestToken(old)).toBe('scope1')

  const rotated = await manage('rotate-secret', 'orders', '--keep-old', '1h')
  const secret = readShownSecret(rotated.stdout)
  expect(await requestToken(old)).toBe('scope1')
  expect(await requestToken(secret)).toBe('scope1')
  await server.advanceClock(60 * 60)
  await expect.poll(() => requestToken(old)).toBe('invalid_client')
  expect(await requestToken(secret)).toBe('scope1')

  await manage('remove', 'orders')
  expect(await requestToken(secret)).toBe('invalid_client')
  expect(await manage('show', 'orders')).toEqual({
    exitCode: 1,
    stdout: '',
    stderr: 'there is no client orders in the store; see the command list\n',
  })
  expect((await manage('shwo')).exitCode).toBe(2)
  expect(server.stdout + server.stderr).not.toContain(secret)
})

function readShownSecret(output: string): string {
  return /^ {2}([\w-]{43})$/m.exec(output)?.[1] ?? ''
}
