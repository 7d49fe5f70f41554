import type { Provider } from './start-provider.ts'

/** Signs a user out while their tokens are being refreshed: the page that had them refreshed. */
export async function signOutDuringRefresh(
  provider: Provider,
  user: { open(path: string): Promise<Response> },
): Promise<Response> {
  const gate = Promise.withResolvers<void>()
  provider.gate = gate.promise
  const asked = provider.nextRefresh()
  const page = user.open('/get')
  await asked
  await user.open('/logout')
  // As if the refresh had been there before the revocation.
  provider.alive.add('refresh-1')
  gate.resolve()
  return page
}
