/** @import { Summary } from '../traffic/summary.ts' */
import { inOrder, lifelinesOf } from './messages.js'

/**
 * Exchanges as a sequence diagram for Mermaid. Answers are dashed.
 *
 * @param {readonly Summary[]} exchanges
 * @param {readonly string[]} servers The names of the token service and the APIs.
 * @returns {string}
 * @see {@link https://mermaid.js.org/syntax/sequenceDiagram.html#messages Mermaid's sequence diagrams}
 */
export function toMermaid(exchanges, servers) {
  const lifelines = lifelinesOf(exchanges, servers)
  const alias = (/** @type {string} */ name) => `P${lifelines.indexOf(name)}`
  return [
    'sequenceDiagram',
    ...lifelines.map((name) => `  participant ${alias(name)} as ${toEntities(name)}`),
    ...inOrder(exchanges).map(({ from, to, kind, text, detail }) => {
      const arrow = kind === 'request' ? '->>' : '-->>'
      const lines = [text, detail].filter((line) => line !== '').map(toEntities)
      return `  ${alias(from)}${arrow}${alias(to)}: ${lines.join('<br/>')}`
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
