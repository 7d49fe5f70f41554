import { type Link, page } from '@basics/sample-kit'
import type { Request, Response } from 'express'

import { isLocal } from './is-local.ts'
import { paths } from './paths.ts'
import type { Viewer } from './viewer.ts'

export interface IdentityServerPage<Model extends object> {
  readonly title: string
  /** The eta template beside the page's handler. */
  readonly template: URL
  /** What the template finds as `it`. */
  readonly model: Model
  readonly viewer: Viewer | undefined
  /** Default 200. */
  readonly status?: number
}

/** Sends a page of the token service: at its top whoever is signed in, and the way out. */
export function sendPage<Model extends object>(
  req: Request,
  res: Response,
  { title, template, model, viewer, status = 200 }: IdentityServerPage<Model>,
): void {
  const html = page({
    title,
    brand: 'identity-server',
    nav: viewer === undefined ? [] : createLinks(req),
    ...(viewer !== undefined && { user: { name: viewer.name, signOut: paths.logout } }),
    template,
    model,
  })
  res.status(status).send(html)
}

function createLinks(req: Request): Link[] {
  const links: Link[] = [{ text: 'Grants', href: paths.grants }]
  if (isLocal(req)) links.push({ text: 'Diagnostics', href: paths.diagnostics })
  return links
}
