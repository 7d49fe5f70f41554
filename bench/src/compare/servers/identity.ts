import type { Response } from 'express'

/** What the APIs answer: as little as shows that the token was read, for nothing else is measured. */
export function sendIdentity(res: Response, sub: string | undefined): void {
  const body = JSON.stringify({ sub })
  res.writeHead(200, { 'Content-Length': Buffer.byteLength(body) }).end(body)
}
