/** One of the two messages of an exchange, as it was on the wire. */
export interface RecordedMessage {
  /** In the order they were sent in, with the names as they were written. */
  readonly headers: readonly (readonly [name: string, value: string])[]
  readonly body: string
  /** What is missing from the body: what came after the first 64 KiB, or all of what is no text. */
  readonly omitted?: 'rest' | 'binary'
}

/** An HTTP exchange as one of its two sides saw it: what a recorder sends to the inspector. */
export interface Recording {
  readonly side: 'client' | 'server'
  /** The app whose process recorded it, as in `apps/`. */
  readonly app: string
  /** The ports of the connection, `<client's>-<server's>`: the same on both sides. Empty when there was none. */
  readonly connection: string
  readonly method: string
  /** Absolute. */
  readonly url: string
  /** Milliseconds since the epoch. */
  readonly startedAt: number
  /** Milliseconds since the epoch. */
  readonly endedAt: number
  readonly request: RecordedMessage
  /** Absent when no answer came. */
  readonly response?: RecordedMessage & { readonly status: number }
  /** Why no answer came, or not all of it. */
  readonly error?: string
}
