import assert from 'node:assert/strict'
import { describe, it } from 'node:test'

import { OAuthError } from './oauth-error.ts'

describe('OAuthError', () => {
  it('becomes the body that RFC 6749 §5.2 prints', () => {
    const error = new OAuthError('invalid_scope', 'scope9 is unknown')

    assert.equal(
      JSON.stringify(error),
      '{"error":"invalid_scope","error_description":"scope9 is unknown"}',
    )
    assert.equal(error.status, 400)
  })

  it('has status 401 when the client could not be authenticated', () => {
    assert.equal(new OAuthError('invalid_client', '').status, 401)
  })

  it('lets no character into the description that the specification forbids', () => {
    const error = new OAuthError('invalid_request', 'a "quoted" \\ line\r\nSet-Cookie: x \u0000 é')

    assert.equal(error.message, 'a ?quoted? ? line??Set-Cookie: x ? ?')
  })

  it('bounds the description', () => {
    assert.equal(new OAuthError('invalid_request', 'x'.repeat(10_000)).message.length, 200)
  })
})
