import { hash } from 'node:crypto'
import { readFileSync } from 'node:fs'

import { Router } from 'express'

const files = {
  style: { content: read('style.css'), extension: 'css' },
  icon: { content: read('icon.svg'), extension: 'svg' },
}

/** The hash of the content stands in the path, so a changed file is a new address. */
export const assetPaths = {
  style: assetPath('style'),
  icon: assetPath('icon'),
}

/**
 * Serves what the layout links to, for browsers to keep for a year: the stylesheet and the icon.
 * Everything comes from the app's own origin, as a policy of `default-src 'self'` asks.
 */
export const assets: Router = Router()

for (const [name, path] of Object.entries(assetPaths) as [keyof typeof files, string][]) {
  const { content, extension } = files[name]
  assets.get(path, (_req, res) => {
    res.set('Cache-Control', 'public, max-age=31536000, immutable')
    res.set('X-Content-Type-Options', 'nosniff')
    res.type(extension).send(content)
  })
}

function assetPath(name: keyof typeof files): string {
  const { content, extension } = files[name]
  return `/assets/${name}-${hash('sha256', content, 'base64url').slice(0, 12)}.${extension}`
}

function read(name: string): string {
  return readFileSync(new URL(name, import.meta.url), 'utf8')
}
