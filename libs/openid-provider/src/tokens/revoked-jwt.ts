import type { Provider } from '../configuration.ts'
import { hashHandle } from '../stores/handles.ts'
import type { Store } from '../stores/store.ts'
import type { AccessTokenClaims } from './access-token.ts'

/**
 * Remembers a JWT as revoked until it expires, for whoever asks here: introspection and userinfo. An API that
 * validates it by itself accepts it until then.
 *
 * @returns false for one without a `jti`, which cannot be told from another.
 * @see {@link https://www.rfc-editor.org/rfc/rfc7009.html#section-3 RFC 7009 §3}
 */
export async function revokeJwt(
  { jti, exp }: AccessTokenClaims,
  { store, now }: Pick<Provider, 'store' | 'now'>,
): Promise<boolean> {
  if (jti === undefined) return false
  const key = hashHandle(jti)
  await store.store({ type: 'revoked_jwt', key, created: now(), expires: exp * 1000, data: {} })
  return true
}

/** Whether {@link revokeJwt} has revoked it. */
export async function isRevokedJwt({ jti }: AccessTokenClaims, store: Store): Promise<boolean> {
  return jti !== undefined && (await store.get('revoked_jwt', hashHandle(jti))) !== undefined
}
