/** @import { Summary } from '../traffic/summary.ts' */

/**
 * @typedef {object} Message One arrow of the diagram: half an exchange.
 * @property {string} key
 * @property {'request' | 'response'} kind
 * @property {string} from
 * @property {string} to
 * @property {number} time Milliseconds since the epoch.
 * @property {string} text
 * @property {string} detail
 * @property {boolean} isError
 * @property {Summary} exchange
 */

/**
 * The two messages of an exchange.
 *
 * @param {Summary} exchange
 * @returns {[Message, Message]}
 */
export function messagesOf(exchange) {
  const { id, from, to, startedAt, endedAt, isError } = exchange
  return [
    {
      key: `${id}-request`,
      kind: 'request',
      from,
      to,
      time: startedAt,
      text: exchange.request,
      detail: exchange.requestDetail,
      isError: false,
      exchange,
    },
    {
      key: `${id}-response`,
      kind: 'response',
      from: to,
      to: from,
      time: endedAt,
      text: exchange.response,
      detail: exchange.responseDetail,
      isError,
      exchange,
    },
  ]
}

/**
 * All messages in the order they were sent in.
 *
 * @param {readonly Summary[]} exchanges
 */
export function inOrder(exchanges) {
  return exchanges.flatMap(messagesOf).sort((a, b) => a.time - b.time)
}

/**
 * Who takes part: the browser to the left, then applications, then what they talk to, as they appear.
 *
 * @param {readonly Summary[]} exchanges
 * @param {readonly string[]} servers The names of the token service and the APIs.
 * @returns {string[]}
 */
export function lifelinesOf(exchanges, servers) {
  const names = [...new Set(exchanges.flatMap(({ from, to }) => [from, to]))]
  const isBrowser = (/** @type {string} */ name) => name === 'browser'
  const isServer = (/** @type {string} */ name) => servers.includes(name)
  return [
    ...names.filter(isBrowser),
    ...names.filter((name) => !isBrowser(name) && !isServer(name)),
    ...servers.filter((name) => names.includes(name)),
  ]
}
