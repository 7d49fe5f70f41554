import { accessSync, constants, mkdirSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'

import { refuseToStart } from './refuse-to-start.ts'

const workspaceRoot = fileURLToPath(new URL('../../..', import.meta.url))

/**
 * The folder where an app keeps what must outlive a restart: `<DATA_DIR>/<app>`, by default
 * `data/<app>` of the workspace. It is created for its owner alone (mode 0700), since keys live there.
 * Ends the process when it cannot be made, read or written.
 *
 * @param app The app's name, as in `apps/`.
 * @returns An absolute path.
 */
export function dataFolder(app: string): string {
  const folder = resolve(process.env.DATA_DIR || join(workspaceRoot, 'data'), app)
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 })
    accessSync(folder, constants.R_OK | constants.W_OK | constants.X_OK)
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    refuseToStart(
      `${app} cannot read and write its data folder ${folder} (${code}): give this user access to it, or set DATA_DIR to a folder that it may use`,
    )
  }
  return folder
}
