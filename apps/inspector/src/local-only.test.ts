import assert from 'node:assert/strict'
import { it } from 'node:test'

import type { Request, Response } from 'express'

import { requireLocal } from './local-only.ts'

/** The status it answers with, or `next`. The address of another machine cannot be had in a test. */
function ask(remoteAddress: string, host: string): unknown {
  let outcome: unknown
  const response = {
    status(status: number) {
      outcome = status
      return { json: () => undefined }
    },
  }
  const request = { headers: { host }, socket: { remoteAddress } }
  void requireLocal(request as Request, response as unknown as Response, () => {
    outcome = 'next'
  })
  return outcome
}

for (const [address, host, expected] of [
  ['127.0.0.1', 'localhost:5010', 'next'],
  ['::1', '[::1]:5010', 'next'],
  ['::ffff:127.0.0.1', '127.0.0.1:5010', 'next'],
  ['192.0.2.1', 'localhost:5010', 403],
  ['127.0.0.1', 'localhost.example:5010', 403],
  ['127.0.0.1', '', 403],
] as const)
  it(`whoever comes from ${address} and asks for ${host || 'no host'}: ${expected}`, () => {
    assert.equal(ask(address, host), expected)
  })
