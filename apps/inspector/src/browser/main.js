/** @import { Summary } from '../traffic/summary.ts' */
/** @import { Explanation } from '../explain/explain-exchange.ts' */
/** @import { Message } from './messages.js' */
import { assignScenarios } from './assign-scenarios.js'
import { explainedMessage } from './details.js'
import { sequenceDiagram } from './diagram.js'
import { element, find } from './elements.js'

const filter = find('scenario', HTMLSelectElement)
const details = find('details', HTMLDialogElement)
const connection = find('connection', HTMLElement)
const scenarios = [...filter.options].map(({ value }) => value).filter((name) => name !== '')
const servers = find('diagram', HTMLElement).dataset.servers?.split(' ') ?? []

/** @type {Map<number, Summary>} */
const exchanges = new Map()
let isDrawing = false

const draw = sequenceDiagram(
  { lifelines: find('lifelines', HTMLElement), messages: find('messages', HTMLElement) },
  servers,
  (message) => void open(message),
)

/** Once for all that arrives before the next frame. */
function redraw() {
  if (isDrawing) return
  isDrawing = true
  requestAnimationFrame(() => {
    isDrawing = false
    const all = [...exchanges.values()].sort((a, b) => a.startedAt - b.startedAt)
    const assigned = assignScenarios(all, scenarios)
    const chosen = filter.value
    const shown = all.filter(({ id }) => chosen === '' || assigned.get(id) === chosen)
    draw(shown)
    find('nothing', HTMLElement).hidden = shown.length > 0
  })
}

/** @param {Message} message */
async function open({ kind, from, to, text, exchange }) {
  const content = find('details-content', HTMLElement)
  content.replaceChildren()
  find('details-heading', HTMLElement).textContent = `${from} → ${to}: ${text}`
  details.showModal()
  content.replaceChildren(...(await explain(exchange.id, kind)))
}

/**
 * @param {number} id
 * @param {Message['kind']} kind
 * @returns {Promise<Node[]>}
 */
async function explain(id, kind) {
  const response = await fetch(`/exchanges/${id}`).catch(() => undefined)
  if (!response?.ok) return [element('p', '', 'It is no longer there: cleared, or too old.')]
  const message = /** @type {Explanation} */ (await response.json())[kind]
  return message ? explainedMessage(message) : [element('p', '', 'No answer came.')]
}

filter.addEventListener('change', () => {
  const query = filter.value === '' ? '' : `?${new URLSearchParams({ scenario: filter.value })}`
  find('export-mermaid', HTMLAnchorElement).href = `/export.mmd${query}`
  find('export-har', HTMLAnchorElement).href = `/export.har${query}`
  redraw()
})
find('clear', HTMLButtonElement).addEventListener('click', () => {
  void fetch('/clear', { method: 'POST' })
})
find('close', HTMLButtonElement).addEventListener('click', () => details.close())
// A click beside the dialog is one on its backdrop.
details.addEventListener('click', ({ target }) => {
  if (target === details) details.close()
})

const events = new EventSource('/events')
events.addEventListener('history', ({ data }) => {
  exchanges.clear()
  for (const exchange of /** @type {Summary[]} */ (JSON.parse(data)))
    exchanges.set(exchange.id, exchange)
  redraw()
})
events.addEventListener('exchange', ({ data }) => {
  const exchange = /** @type {Summary} */ (JSON.parse(data))
  exchanges.set(exchange.id, exchange)
  redraw()
})
events.addEventListener('cleared', () => {
  exchanges.clear()
  redraw()
})
events.addEventListener('open', () => showConnection('live', true))
events.addEventListener('error', () => showConnection('the inspector does not answer', false))

/**
 * @param {string} text
 * @param {boolean} isLive
 */
function showConnection(text, isLive) {
  connection.textContent = text
  connection.classList.toggle('running', isLive)
}
