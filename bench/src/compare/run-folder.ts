import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { keyFiles, openKeyRing } from '@basics/openid-provider'
import { exportJWK, generateKeyPair } from 'jose'

/**
 * Makes the folder of a run, for this process and those that it starts.
 *
 * @returns what removes it
 */
export async function createRunFolder(): Promise<() => Promise<void>> {
  const folder = await mkdtemp(join(tmpdir(), 'bench-compare-'))
  const store = keyFiles(join(folder, 'keys'))
  const ring = await openKeyRing({ store })
  ring.close()
  const keys = (await store.load()).map(({ jwk: { key_ops: _, ext: __, ...jwk } }) => jwk)
  await writeFile(join(folder, 'jwks.json'), JSON.stringify(keys))
  const { privateKey } = await generateKeyPair('ES256', { extractable: true })
  const clientKey = { ...(await exportJWK(privateKey)), alg: 'ES256' }
  await writeFile(join(folder, 'client-key.json'), JSON.stringify(clientKey))
  process.env.BENCH_FOLDER = folder
  return () => rm(folder, { recursive: true, force: true })
}
