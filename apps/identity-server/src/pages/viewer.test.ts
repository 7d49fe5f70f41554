import assert from 'node:assert/strict'
import { describe, it } from 'node:test'

import type { Request } from 'express'

import { fakeInteraction } from '../../test-support/fake-interaction.ts'
import { findViewer } from './viewer.ts'

const users = {
  findUserBySub: (sub: string) =>
    new Map([
      ['1', { sub: '1', claims: { name: 'Alice Smith' } }],
      ['2', { sub: '2', claims: { name: { first: 'Bob' } } }],
    ]).get(sub),
}

describe('viewer', () => {
  for (const [signedIn, name] of [
    ['1', 'Alice Smith'],
    ['2', '2'],
    ['gone', undefined],
    [undefined, undefined],
  ] as const) {
    it(`of a session of user ${signedIn} is called ${name}`, async () => {
      const { interaction } = fakeInteraction(signedIn === undefined ? {} : { signedIn })

      const viewer = await findViewer(interaction, users)({} as Request)

      assert.equal(viewer?.name, name)
      assert.equal(viewer?.session.sub, name && signedIn)
    })
  }
})
