import { basename } from 'node:path'

/** The app that a script belongs to, by its folder: `mvc-par` for `…/apps/mvc-par/src/main.ts`. */
export function readAppName(script = 'program'): string {
  const [, app] = /[\\/]apps[\\/]([^\\/]+)[\\/]src[\\/][^\\/]+$/.exec(script) ?? []
  return app ?? basename(script)
}
