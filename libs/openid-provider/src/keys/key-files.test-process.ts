/** A process that opens the key ring of a folder when it is told to, and answers with what it publishes. */
import { keyFiles } from './key-files.ts'
import { openKeyRing } from './key-ring.ts'

process.on('message', async (folder: string) => {
  try {
    const ring = await openKeyRing({ store: keyFiles(folder), algorithms: ['ES256'] })
    ring.close()
    process.send?.(ring.jwks())
  } catch (error) {
    // An answer that holds no keys fails the test, and says why.
    process.send?.(String(error))
  }
})
process.send?.('ready')
