/** @import { Summary } from '../traffic/summary.ts' */
/** @import { Message } from './messages.js' */
import { element } from './elements.js'
import { inOrder, lifelinesOf } from './messages.js'

/**
 * @typedef {Map<string, { row: HTMLElement, exchange: Summary, among: string }>} Rows The rows that are there,
 *   by the key of their message, with what they show: of which exchange, and among which lifelines.
 */

/**
 * Draws the sequence diagram: lifelines side by side, and a row for each message.
 *
 * @param {{ lifelines: HTMLElement, messages: HTMLElement }} places Where it is drawn.
 * @param {readonly string[]} servers The names of the token service and the APIs.
 * @param {(message: Message) => void} open Called when the reader chooses a message.
 * @returns {(exchanges: readonly Summary[]) => void} What draws it anew. Rows that are there already are
 *   kept, so that a reader's place is.
 */
export function sequenceDiagram({ lifelines, messages }, servers, open) {
  /** @type {Rows} */
  const rows = new Map()

  return (exchanges) => {
    const names = lifelinesOf(exchanges, servers)
    const among = names.join()
    drawLifelines(lifelines, names)
    messages.style.setProperty('--lifelines', String(names.length))

    const ordered = inOrder(exchanges)
    const wanted = new Set(ordered.map(({ key }) => key))
    for (const [key, { row }] of rows)
      if (!wanted.has(key)) {
        row.remove()
        rows.delete(key)
      }
    ordered.forEach((message, index) => {
      const existing = rows.get(message.key)
      const isDrawn = existing?.exchange === message.exchange && existing.among === among
      const row = isDrawn ? existing.row : createRow(message, names, open)
      if (!isDrawn) {
        existing?.row.remove()
        rows.set(message.key, { row, exchange: message.exchange, among })
      }
      const place = messages.children[index]
      if (place !== row) messages.insertBefore(row, place ?? null)
    })
  }
}

/**
 * @param {HTMLElement} place
 * @param {readonly string[]} names
 */
function drawLifelines(place, names) {
  if ([...place.children].map(({ textContent }) => textContent).join() === names.join()) return
  place.style.setProperty('--lifelines', String(names.length))
  place.replaceChildren(...names.map((name) => element('li', '', element('span', '', name))))
}

/**
 * @param {Message} message
 * @param {readonly string[]} names
 * @param {(message: Message) => void} open
 */
function createRow(message, names, open) {
  const { from, to, kind, text, detail, isError, exchange } = message
  const columns = [names.indexOf(from), names.indexOf(to)]
  const first = Math.min(...columns)
  const last = Math.max(...columns)

  const label = element(
    'span',
    'label',
    element('span', 'route', `${from} → ${to}`),
    element('span', 'text', text),
    element('span', 'detail', detail),
  )
  label.style.setProperty('--first', String(first + 1))
  label.style.setProperty('--columns', String(names.length - first))
  const arrow = element('span', `arrow ${columns[0] === first ? 'right' : 'left'}`)
  arrow.style.gridColumn = `${first + 1} / ${last + 2}`
  arrow.style.setProperty('--span', String(last - first + 1))

  const button = element('button', '', label, arrow)
  button.type = 'button'
  button.addEventListener('click', () => open(message))
  return element('li', `${kind} ${exchange.channel}${isError ? ' refused' : ''}`, button)
}
