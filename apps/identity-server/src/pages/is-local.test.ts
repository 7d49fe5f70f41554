import assert from 'node:assert/strict'
import type { IncomingHttpHeaders, IncomingMessage } from 'node:http'
import { describe, it } from 'node:test'

import { isLocal } from './is-local.ts'

function from(remoteAddress: string | undefined, headers: IncomingHttpHeaders = {}) {
  const remoteFamily = remoteAddress?.includes(':') ? 'IPv6' : 'IPv4'
  return { socket: { remoteAddress, remoteFamily }, headers } as IncomingMessage
}

describe('isLocal', () => {
  for (const address of ['127.0.0.1', '127.8.0.1', '::1', '::ffff:127.0.0.1'])
    it(`is true for ${address}`, () => assert.equal(isLocal(from(address)), true))

  for (const address of ['10.0.0.1', '128.0.0.1', '::2', '::ffff:10.0.0.1', 'fe80::1', undefined])
    it(`is false for ${address}`, () => assert.equal(isLocal(from(address)), false))

  for (const name of ['forwarded', 'via', 'x-forwarded-for', 'x-forwarded-host', 'x-real-ip'])
    it(`is false when a proxy here set ${name}`, () =>
      assert.equal(isLocal(from('127.0.0.1', { [name]: '127.0.0.1' })), false))
})
