import type { KeyStore } from '../src/keys/key-files.ts'
import type { StoredKey } from '../src/keys/signing-key.ts'

/** Keys that are gone with the process. */
export function memoryKeys(): KeyStore {
  const keys = new Map<string, StoredKey>()
  return {
    load: async () => [...keys.values()],
    async add(key) {
      keys.set(key.kid, key)
      return true
    },
    async remove(key) {
      keys.delete(key.kid)
    },
  }
}
