/** The largest answer that is read, in bytes: ten times what discovery documents and key sets need. */
const maximumSize = 256 * 1024

type Body = NonNullable<RequestInit['body']>

/** What `fetch` takes, and what openid-client says that it may be given. */
interface BoundedRequest extends Omit<RequestInit, 'body'> {
  readonly body?: Body | Uint8Array | null | undefined
}

/**
 * `fetch` for what a token service is asked: discovery, keys, tokens and all else that is small. Of an
 * answer no more is read than that, so that a service in trouble does not take its clients with it.
 *
 * @returns The answer, which has been read.
 * @throws {Error} when it is larger than 256 KiB, unpacked; else as `fetch` does.
 */
export async function boundedFetch(
  url: string,
  { body = null, ...request }: BoundedRequest = {},
): Promise<Response> {
  // The types of a browser know no Uint8Array whose memory may be shared.
  const response = await fetch(url, { ...request, body: body as Body | null })
  return new Response(await readBody(response), response)
}

/** Chunk by chunk: to pipe it through a stream of our own would make all that the process does later dearer. */
async function readBody({ body }: Response): Promise<Uint8Array<ArrayBuffer> | null> {
  if (body === null) return null
  const chunks: Uint8Array[] = []
  let size = 0
  for await (const chunk of body) {
    size += chunk.length
    if (size > maximumSize) throw new Error(`it sent more than ${maximumSize} bytes`)
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}
