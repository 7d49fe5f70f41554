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
      size += readSize(chunk, encoding)
      if (room > 0) chunks.push(copyBytes(chunk, encoding, room))
    },

    read(headers: Headers): RecordedMessage {
      if (size > 0 && !isText(headers)) return { headers, body: '', omitted: 'binary' }
      const body = Buffer.concat(chunks).toString('utf8')
      return { headers, body, ...(size > limit && { omitted: 'rest' }) }
    },
  }
}

/** Bytes. */
function readSize(chunk: unknown, encoding: unknown): number {
  if (typeof chunk === 'string') return Buffer.byteLength(chunk, readEncoding(encoding))
  return ArrayBuffer.isView(chunk) ? chunk.byteLength : 0
}

/** The first bytes. A copy: who sends or reads the original may use its memory again. */
function copyBytes(chunk: unknown, encoding: unknown, room: number): Buffer {
  if (typeof chunk === 'string')
    // No encoding makes less than a byte of two characters.
    return Buffer.from(chunk.slice(0, 2 * room), readEncoding(encoding)).subarray(0, room)
  if (!ArrayBuffer.isView(chunk)) return Buffer.alloc(0)
  const bytes = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength)
  return Buffer.from(bytes.subarray(0, room))
}

/** Who passes one that is none is told so by Node. */
function readEncoding(encoding: unknown): BufferEncoding {
  return typeof encoding === 'string' && Buffer.isEncoding(encoding) ? encoding : 'utf8'
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
