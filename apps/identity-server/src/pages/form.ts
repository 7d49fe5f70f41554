import { type Request, type RequestHandler, text } from 'express'

/**
 * Reads the body of a form, at most 128 KiB: the longest field is a `returnUrl`, which came in a
 * request line that `listen` limits to 96 KiB.
 */
export const form: RequestHandler = text({
  type: 'application/x-www-form-urlencoded',
  limit: '128kb',
  inflate: false,
})

/** The fields of the form that {@link form} has read. Without one there are none. */
export function readForm(req: Request): URLSearchParams {
  return new URLSearchParams(typeof req.body === 'string' ? req.body : '')
}

/** A query parameter that is one text; sent twice or as anything else it counts as absent. */
export function readQuery(req: Request, name: string): string | undefined {
  const value = req.query[name]
  return typeof value === 'string' && value !== '' ? value : undefined
}
