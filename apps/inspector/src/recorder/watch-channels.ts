import { type ChannelListener, subscribe, unsubscribe } from 'node:diagnostics_channel'

let hasFailed = false

/**
 * Wraps code that runs in the middle of someone else's work: it never throws into it. After its first
 * error it says one sentence on stderr, and from then on nothing that is wrapped does anything.
 */
export function unobtrusive<Parameters extends unknown[]>(
  code: (...parameters: Parameters) => void,
): (...parameters: Parameters) => void {
  return (...parameters) => {
    if (hasFailed) return
    try {
      code(...parameters)
    } catch (error) {
      hasFailed = true
      process.stderr.write(`The recorder stopped, the program goes on: ${error}\n`)
    }
  }
}

/**
 * Listens to what Node says about its HTTP traffic, without taking part in it.
 *
 * @param listeners By the name of their channel.
 * @returns What starts listening and what stops it. Where nobody listens, a channel costs nothing.
 * @see {@link https://nodejs.org/api/diagnostics_channel.html#built-in-channels Node's channels}
 */
export function watchChannels(listeners: Readonly<Record<string, ChannelListener>>) {
  const wrapped = Object.entries(listeners).map(
    ([channel, listener]) => [channel, unobtrusive(listener)] as const,
  )
  return {
    start(): void {
      for (const [channel, listener] of wrapped) subscribe(channel, listener)
    },
    stop(): void {
      for (const [channel, listener] of wrapped) unsubscribe(channel, listener)
    },
  }
}
