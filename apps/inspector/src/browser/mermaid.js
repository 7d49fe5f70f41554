/** @import { Summary } from '../traffic/summary.ts' */
import { inOrder, lifelinesOf } from './messages.js'

/** Behind the front channel, as in the diagrams of the READMEs. */
const band = '  rect rgba(60, 130, 230, 0.15)'

/**
 * Exchanges as a sequence diagram for Mermaid. Answers are dashed, and what goes through the browser stands
 * in a band of colour.
 *
 * @param {readonly Summary[]} exchanges
 * @param {readonly string[]} servers The names of the token service and the APIs.
 * @returns {string}
 * @see {@link https://mermaid.js.org/syntax/sequenceDiagram.html#messages Mermaid's sequence diagrams}
 */
export function toMermaid(exchanges, servers) {
  const lifelines = lifelinesOf(exchanges, servers)
  const alias = (/** @type {string} */ name) => `P${lifelines.indexOf(name)}`
  const messages = inOrder(exchanges)
  const isInBand = (/** @type {number} */ index) => messages[index]?.exchange.channel === 'front'
  return [
    'sequenceDiagram',
    '  autonumber',
    ...lifelines.map((name) => `  participant ${alias(name)} as ${toEntities(name)}`),
    ...messages.flatMap(({ from, to, kind, text, detail }, index) => {
      const arrow = kind === 'request' ? '->>' : '-->>'
      const lines = [text, detail].filter((line) => line !== '').map(toEntities)
      return [
        ...(isInBand(index) && !isInBand(index - 1) ? [band] : []),
        `  ${alias(from)}${arrow}${alias(to)}: ${lines.join('<br/>')}`,
        ...(isInBand(index) && !isInBand(index + 1) ? ['  end'] : []),
      ]
    }),
    '',
  ].join('\n')
}

/**
 * Mermaid takes `;` and line breaks for the end of a statement, `#` for the begin of an entity, and text
 * for HTML.
 *
 * @param {string} text
 */
function toEntities(text) {
  return text.replace(/[#;<>&"\r\n]/g, (character) => `#${character.charCodeAt(0)};`)
}
