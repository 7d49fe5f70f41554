import type { RecordedMessage } from '../recording.ts'

/** Bytes. */
const limit = 64 * 1024

type Headers = RecordedMessage['headers']

/**
 * Collects copies of a body's chunks as they pass, up to 64 KiB.
 *
 * @returns `add` takes a chunk; `read` says what there was, by the headers that came with it.
 */
export function recordedBody() {
  const chunks: Buffer[] = []
  let size = 0

  return {
    add(chunk: unknown, encoding?: unknown): void {
      const room = limit - Math.min(size, limit)
      const bytes = readBytes(chunk, encoding)
      size += bytes.length
      // A copy: who sends or reads the original may use its memory again.
      if (room > 0) chunks.push(Buffer.from(bytes.subarray(0, room)))
    },

    read(headers: Headers): RecordedMessage {
      if (size > 0 && !isText(headers)) return { headers, body: '', omitted: 'binary' }
      const body = Buffer.concat(chunks).toString('utf8')
      return { headers, body, ...(size > limit && { omitted: 'rest' }) }
    },
  }
}

function readBytes(chunk: unknown, encoding: unknown): Buffer {
  if (typeof chunk === 'string')
    return Buffer.from(chunk, typeof encoding === 'string' ? (encoding as BufferEncoding) : 'utf8')
  return ArrayBuffer.isView(chunk)
    ? Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength)
    : Buffer.alloc(0)
}

function isText(headers: Headers): boolean {
  if (find(headers, 'content-encoding') !== '') return false
  return /^text\/|[/+](json|jwt|xml|x-www-form-urlencoded|javascript)\b/i.test(
    find(headers, 'content-type'),
  )
}

function find(headers: Headers, name: string): string {
  return headers.find(([candidate]) => candidate.toLowerCase() === name)?.[1] ?? ''
}
