/** By this name the inspector's own requests, for the issuer's keys, are known and left out. */
export const inspectorAgent = 'basics-inspector'

/** What says nothing about the protocol: whether a server runs, and the files that its pages are made of. */
export function isIgnored(path: string, userAgent: string | undefined): boolean {
  return (
    userAgent === inspectorAgent ||
    /^\/(health$|health\?|assets\/|favicon\.ico)|^[^?]*\.(css|js)(\?|$)/.test(path)
  )
}
