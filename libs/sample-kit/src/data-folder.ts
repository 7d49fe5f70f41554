import { accessSync, chmodSync, constants, existsSync, mkdirSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'

import { refuseToStart } from './refuse-to-start.ts'

const workspaceRoot = fileURLToPath(new URL('../../..', import.meta.url))

/**
 * The folder where an app keeps what must outlive a restart: `<DATA_DIR>/<app>`, by default
 * `data/<app>` of the workspace. It is kept for its owner alone (mode 0700), since keys live there.
 * Ends the process when it cannot be made, read or written.
 *
 * @param app The app's name, as in `apps/`.
 * @returns An absolute path.
 */
export function dataFolder(app: string): string {
  const folder = resolve(process.env.DATA_DIR || join(workspaceRoot, 'data'), app)
  try {
    createFolder(folder)
    accessSync(folder, constants.R_OK | constants.W_OK | constants.X_OK)
    // A copy or a restored backup may have opened it to others.
    chmodSync(folder, 0o700)
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    refuseToStart(
      `the data folder ${folder} cannot be read and written (${code}): give this user access to it, or set DATA_DIR to a folder that it may use`,
    )
  }
  return folder
}

/** Level by level: `recursive` goes round for ever where a parent takes no folders, as `/proc`. */
function createFolder(folder: string): void {
  const parent = dirname(folder)
  // A drive that is not there has no parent but itself.
  if (existsSync(folder) || parent === folder) return
  createFolder(parent)
  try {
    mkdirSync(folder, { mode: 0o700 })
  } catch (error) {
    // Another process may have been faster.
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
  }
}
