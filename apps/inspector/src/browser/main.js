/** @import { Summary } from '../traffic/summary.ts' */
/** @import { ExchangeEvent } from '../event-stream.ts' */
/** @import { ExchangeDetails } from '../inspector.ts' */
/** @import { Message } from './messages.js' */
import { addressSection } from './address.js'
import { assignScenarios } from './assign-scenarios.js'
import { explainedMessage } from './details.js'
import { sequenceDiagram } from './diagram.js'
import { element, find } from './elements.js'
import { knownExchanges } from './exchanges.js'

const filter = find('scenario', HTMLSelectElement)
const details = find('details', HTMLDialogElement)
const connection = find('connection', HTMLElement)
const scenarios = [...filter.options].map(({ value }) => value).filter((name) => name !== '')
const servers = find('diagram', HTMLElement).dataset.servers?.split(' ') ?? []

const exchanges = knownExchanges()
let isDrawing = false
/** The message that was chosen last. @type {Message | undefined} */
let chosen

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
    const all = exchanges.all()
    const assigned = assignScenarios(all, scenarios)
    const scenario = filter.value
    const shown = all.filter(({ id }) => scenario === '' || assigned.get(id) === scenario)
    draw(shown)
    find('nothing', HTMLElement).hidden = shown.length > 0
  })
}

/** @param {Message} message */
async function open(message) {
  const { kind, from, to, text, exchange } = message
  const content = find('details-content', HTMLElement)
  chosen = message
  content.replaceChildren()
  find('details-heading', HTMLElement).textContent = `${from} → ${to}: ${text}`
  details.showModal()
  const explained = await explain(exchange.id, kind)
  // The reader may have gone on to another message, whose explanation was here first.
  if (chosen === message) content.replaceChildren(...explained)
}

/**
 * @param {number} id
 * @param {Message['kind']} kind
 * @returns {Promise<Node[]>}
 */
async function explain(id, kind) {
  const response = await fetch(`/exchanges/${id}`).catch(() => undefined)
  if (!response?.ok) return [element('p', '', 'It is no longer there: cleared, or too old.')]
  const explained = /** @type {ExchangeDetails} */ (await response.json())
  const message = explained[kind]
  if (message === undefined) return [element('p', '', 'No answer came.')]
  const address = kind === 'request' ? addressSection(explained.url) : []
  return [...address, ...explainedMessage(message)]
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
  exchanges.replace(/** @type {Summary[]} */ (JSON.parse(data)))
  redraw()
})
events.addEventListener('exchange', ({ data }) => {
  const { exchange, oldest } = /** @type {ExchangeEvent} */ (JSON.parse(data))
  exchanges.add(exchange, oldest)
  redraw()
})
events.addEventListener('cleared', () => {
  exchanges.replace([])
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
