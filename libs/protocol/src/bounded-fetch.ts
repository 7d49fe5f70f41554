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
 * @returns The answer. Reading its body fails when it is larger than 256 KiB, or larger than that when
 *   unpacked.
 */
export async function boundedFetch(
  url: string,
  { body = null, ...request }: BoundedRequest = {},
): Promise<Response> {
  // The types of a browser know no Uint8Array whose memory may be shared.
  const response = await fetch(url, { ...request, body: body as Body | null })
  return new Response(response.body?.pipeThrough(limit()) ?? null, response)
}

function limit(): TransformStream<Uint8Array<ArrayBuffer>, Uint8Array<ArrayBuffer>> {
  let size = 0
  return new TransformStream({
    transform(chunk, controller) {
      size += chunk.length
      if (size > maximumSize) throw new Error(`it sent more than ${maximumSize} bytes`)
      controller.enqueue(chunk)
    },
  })
}
