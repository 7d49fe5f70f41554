/** @import { ExplainedClaim, ExplainedJwt } from '../explain/explain-jwt.ts' */
/** @import { ExplainedMessage, ExplainedParameter } from '../explain/explain-exchange.ts' */
/** @import { Meaning } from '../explain/specification.ts' */
import { element, outsideLink, secret, withSecrets } from './elements.js'
import { describeTime } from './times.js'

/**
 * All there is to say about a message: its parameters, its JWTs, and how it was on the wire.
 *
 * @param {ExplainedMessage} message
 * @returns {Node[]}
 */
export function explainedMessage({ parameters, jwts, raw, omitted }) {
  const rows = parameters.map(parameterRow)
  return [
    ...(rows.length === 0 ? [] : [element('h3', '', 'Parameters'), table(rows)]),
    ...jwts.map(jwtSection),
    element('h3', '', 'On the wire'),
    element('pre', '', element('code', '', ...withSecrets(raw))),
    ...(omitted === undefined ? [] : [element('p', 'quiet', omissions[omitted])]),
  ]
}

const omissions = {
  rest: 'The body goes on: its first 64 KiB are shown.',
  binary: 'The body is no text and is not shown.',
}

/** @param {HTMLElement[]} rows */
function table(rows) {
  return element('table', 'parameters', element('tbody', '', ...rows))
}

/** @param {ExplainedParameter} parameter */
function parameterRow({ name, value, place, isSecret, meaning }) {
  const shown = isSecret ? secret(value) : element('code', '', value)
  return row(name, [shown, ...explain(meaning), element('span', 'tag', place)])
}

/**
 * @param {string} name
 * @param {(Node | string)[]} cells
 */
function row(name, cells) {
  const heading = element('th', '', name)
  heading.scope = 'row'
  return element('tr', '', heading, element('td', '', ...cells))
}

/**
 * @param {Meaning | undefined} meaning
 * @returns {Node[]}
 */
function explain(meaning) {
  if (meaning === undefined) return []
  const { sentence, section, href } = meaning
  return [element('p', 'quiet', `${sentence} `, outsideLink(section, href))]
}

/** @param {ExplainedJwt} jwt */
function jwtSection({ name, header, claims, signature }) {
  const section = element(
    'section',
    'jwt card',
    element('h3', '', `${name}: a JWT`),
    element('p', `signature ${signature.verdict}`, signature.sentence),
    table([...header, ...claims].map(claimRow)),
  )
  section.dataset.jwt = name
  section.dataset.signature = signature.verdict
  return section
}

/** @param {ExplainedClaim} claim */
function claimRow({ name, value, time, isSecret, meaning }) {
  const shown = isSecret ? secret(value) : element('code', '', value)
  const seconds = time === undefined ? [] : [element('span', 'time', describeTime(name, time))]
  return row(name, [shown, ...seconds, ...explain(meaning)])
}
