import { once } from 'node:events'
import { connect, type Socket } from 'node:net'

/** Milliseconds within which an answer has to come: a server that is only slow has long answered. */
export const patience = 10_000

export interface Answer {
  readonly status: number
  readonly head: string
  readonly body: string
}

/**
 * A kept-alive HTTP/1.1 connection that sends prepared bytes and reads answers of a known length, one
 * after the other: the least that a load generator can do, so that it does not slow the server down.
 */
export class Connection {
  readonly #socket: Socket
  #received: Buffer = Buffer.alloc(0)
  #waiting: PromiseWithResolvers<Answer> | undefined

  private constructor(socket: Socket, timeout: number) {
    this.#socket = socket
    // Of the socket, not of the request: it is put off by what comes and goes, at hardly a cost.
    socket.setTimeout(timeout, () =>
      this.#waiting?.reject(new Error(`no answer within ${timeout} ms`)),
    )
    socket.on('data', (chunk) => this.#receive(chunk))
    socket.on('error', (error) => this.#waiting?.reject(error))
    socket.on('close', () => this.#waiting?.reject(new Error('the server closed the connection')))
  }

  /** @param timeout milliseconds */
  static async open(url: string, timeout = patience): Promise<Connection> {
    const { port, hostname } = new URL(url)
    const socket = connect({ port: Number(port), host: hostname, noDelay: true })
    await once(socket, 'connect')
    return new Connection(socket, timeout)
  }

  /** A connection for a single step. */
  static async once<Result>(
    url: string,
    step: (connection: Connection) => Promise<Result>,
  ): Promise<Result> {
    const connection = await Connection.open(url)
    try {
      return await step(connection)
    } finally {
      connection.close()
    }
  }

  /**
   * @throws {Error} for an answer with another status, since what is measured has to succeed; for none in
   *   time; and when the connection breaks
   */
  async send(request: Buffer, status = 200): Promise<Answer> {
    this.#waiting = Promise.withResolvers()
    this.#socket.write(request)
    const answer = await this.#waiting.promise
    if (answer.status !== status)
      throw new Error(`${answer.status} in place of ${status}:\n${answer.head}\n\n${answer.body}`)
    return answer
  }

  close(): void {
    this.#waiting = undefined
    this.#socket.destroy()
  }

  #receive(chunk: Buffer): void {
    this.#received = this.#received.length === 0 ? chunk : Buffer.concat([this.#received, chunk])
    const end = this.#received.indexOf('\r\n\r\n')
    if (end === -1) return
    const head = this.#received.toString('latin1', 0, end)
    const length = Number(/\r\ncontent-length: *(\d+)/i.exec(head)?.[1] ?? Number.NaN)
    if (Number.isNaN(length)) this.#waiting?.reject(new Error(`an answer without length:\n${head}`))
    if (this.#received.length < end + 4 + length) return
    const body = this.#received.toString('utf8', end + 4)
    this.#received = Buffer.alloc(0)
    this.#waiting?.resolve({ status: Number(head.slice(9, 12)), head, body })
  }
}

/** The bytes of a request. */
export function get(path: string, headers: Readonly<Record<string, string>> = {}): Buffer {
  return Buffer.from(`GET ${path} HTTP/1.1\r\nHost: ${host}\r\n${lines(headers)}\r\n`)
}

/** The bytes of a form that is posted. */
export function post(
  path: string,
  parameters: Readonly<Record<string, string>>,
  headers: Readonly<Record<string, string>> = {},
): Buffer {
  const body = new URLSearchParams(parameters).toString()
  const form = {
    'Content-Type': 'application/x-www-form-urlencoded',
    'Content-Length': String(body.length),
  }
  return Buffer.from(
    `POST ${path} HTTP/1.1\r\nHost: ${host}\r\n${lines({ ...headers, ...form })}\r\n${body}`,
  )
}

/** Issuers are configured, so that it plays no part. */
const host = '127.0.0.1'

function lines(headers: Readonly<Record<string, string>>): string {
  return Object.entries(headers)
    .map(([name, value]) => `${name}: ${value}\r\n`)
    .join('')
}
