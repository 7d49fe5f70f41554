import type { Recording } from '../recording.ts'
import { createExchange } from './create-exchange.ts'
import type { Exchange } from './exchange.ts'

/** Exchanges that are kept, the memory they may take, and milliseconds that two sides may begin apart. */
const limits = { exchanges: 2000, bytes: 64 * 1024 * 1024, apart: 5000 }

/** Bytes that a header takes besides its characters: two texts in an array. The least of them is `["",""]`. */
const headerBytes = 100

type Sides = Partial<Readonly<Record<Recording['side'], Recording>>>

interface Entry {
  sides: Sides
  exchange: Exchange
  bytes: number
}

export type HistoryListener = (exchange: Exchange | 'cleared') => void

/**
 * The latest 2,000 exchanges, or as many as fit into 64 MiB, in memory alone; what has been read and dropped
 * waits there for the garbage collector. What client and server tell of the same one is put together by the
 * ports of its connection, so nothing has to travel with the request.
 */
export function exchangeHistory(limit = limits.exchanges, byteLimit = limits.bytes) {
  let entries: Entry[] = []
  let size = 0
  let lastId = 0
  const listeners = new Set<HistoryListener>()

  function tell(event: Exchange | 'cleared'): void {
    for (const listener of listeners) listener(event)
  }

  function forgetOldest(): void {
    while (entries.length > limit || size > byteLimit) size -= entries.shift()?.bytes ?? size
  }

  return {
    add(recording: Recording): void {
      const entry = findOtherSide(entries, recording)
      const sides: Sides = { ...entry?.sides, [recording.side]: recording }
      const id = entry?.exchange.id ?? ++lastId
      const exchange = createExchange(id, sides.client, sides.server)
      const added = readSize(recording)
      const known = { sides, exchange, bytes: (entry?.bytes ?? 0) + added }
      if (entry === undefined) entries.push(known)
      else Object.assign(entry, known)
      size += added
      forgetOldest()
      tell(exchange)
    },

    all: (): Exchange[] => entries.map(({ exchange }) => exchange),

    /** The one that is forgotten next. */
    oldest: (): Exchange | undefined => entries[0]?.exchange,

    find: (id: number): Exchange | undefined =>
      entries.find(({ exchange }) => exchange.id === id)?.exchange,

    clear(): void {
      entries = []
      size = 0
      tell('cleared')
    },

    /** Calls the listener with each exchange that is new or better known. @returns What ends that. */
    subscribe(listener: HistoryListener): () => void {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  }
}

export type ExchangeHistory = ReturnType<typeof exchangeHistory>

/** Bytes that it takes in memory, at most: a character two, and each header some of its own. */
function readSize(recording: Recording): number {
  const { request, response } = recording
  const headers = request.headers.length + (response?.headers.length ?? 0)
  return 2 * JSON.stringify(recording).length + headers * headerBytes
}

/** Exchanges on one connection come one after the other: of several alike, the nearest in time. */
function findOtherSide(entries: readonly Entry[], recording: Recording): Entry | undefined {
  if (recording.connection === '') return undefined
  const other = recording.side === 'client' ? 'server' : 'client'
  const distance = (entry: Entry) =>
    Math.abs((entry.sides[other]?.startedAt ?? Number.NaN) - recording.startedAt)
  return entries
    .filter(
      (entry) => entry.sides[recording.side] === undefined && isSame(entry.sides[other], recording),
    )
    .filter((entry) => distance(entry) < limits.apart)
    .toSorted((a, b) => distance(a) - distance(b))[0]
}

function isSame(side: Recording | undefined, other: Recording): boolean {
  return (
    side?.connection === other.connection &&
    side.method === other.method &&
    readPath(side.url) === readPath(other.url)
  )
}

/** Without the host, which a proxy in between may have changed. */
function readPath(url: string): string {
  const { pathname, search } = new URL(url)
  return pathname + search
}
