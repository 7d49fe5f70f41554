import type { Recording } from '../recording.ts'

/** An HTTP exchange between two lifelines of the diagram, put together from what its sides recorded. */
export interface Exchange
  extends Pick<
    Recording,
    'method' | 'url' | 'startedAt' | 'endedAt' | 'request' | 'response' | 'error'
  > {
  readonly id: number
  /** Who asked: an app, `browser`, or `another program`. */
  readonly from: string
  /** Who answered: an app, or the host of the URL. */
  readonly to: string
  /** By the browser's address bar and forms, or from program to program. */
  readonly channel: 'front' | 'back'
}

/** Where a response sends who asked, made absolute. Undefined when nowhere. */
export function readRedirect({ url, response }: Exchange): URL | undefined {
  if (response === undefined || response.status < 300 || response.status >= 400) return undefined
  const location = readHeader(response, 'location')
  return location === '' ? undefined : (URL.parse(location, url) ?? undefined)
}

/** The first header of that name, in lower case, or the empty string. */
export function readHeader(
  { headers }: { readonly headers: Recording['request']['headers'] },
  name: string,
): string {
  return headers.find(([candidate]) => candidate.toLowerCase() === name)?.[1] ?? ''
}
