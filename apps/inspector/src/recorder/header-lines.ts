import type { RecordedMessage } from '../recording.ts'

/**
 * The headers in the head of a message, whose first line is none.
 *
 * @see {@link https://www.rfc-editor.org/rfc/rfc9112.html#section-5 RFC 9112 §5}
 */
export function readHeaderLines(head: string): RecordedMessage['headers'] {
  const [, ...lines] = head.split('\r\n')
  return lines.flatMap((line) => {
    const colon = line.indexOf(':')
    return colon < 1 ? [] : [[line.slice(0, colon), line.slice(colon + 1).trim()] as const]
  })
}
