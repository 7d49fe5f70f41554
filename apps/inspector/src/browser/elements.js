/** @import { Segment } from '../explain/segments.ts' */

/**
 * An element with its children. Text goes in as text, never as HTML: all that is shown here came from
 * somewhere else.
 *
 * @template {keyof HTMLElementTagNameMap} Tag
 * @param {Tag} tag
 * @param {string} className
 * @param {...(Node | string)} children
 * @returns {HTMLElementTagNameMap[Tag]}
 */
export function element(tag, className, ...children) {
  const created = document.createElement(tag)
  if (className !== '') created.className = className
  created.append(...children)
  return created
}

/**
 * The element of the page with that id.
 *
 * @template {HTMLElement} Kind
 * @param {string} id
 * @param {{ new (): Kind }} kind
 * @returns {Kind}
 */
export function find(id, kind) {
  const found = document.getElementById(id)
  if (!(found instanceof kind)) throw new Error(`the page has no ${kind.name} #${id}`)
  return found
}

/**
 * A secret, shortened: a click shows all of it, another hides it again.
 *
 * @param {string} value
 * @param {string} [short] What is shown in its place.
 */
export function secret(value, short = value.length > 16 ? `${value.slice(0, 6)}…` : '•••') {
  const button = element('button', 'secret', short)
  button.type = 'button'
  button.title = 'Show or hide'
  button.setAttribute('aria-expanded', 'false')
  button.addEventListener('click', () => {
    const isShown = button.getAttribute('aria-expanded') === 'true'
    button.textContent = isShown ? short : value
    button.setAttribute('aria-expanded', String(!isShown))
  })
  return button
}

/**
 * @param {readonly Segment[]} segments
 * @returns {(Node | string)[]}
 */
export function withSecrets(segments) {
  return segments.map(({ text, isSecret }) => (isSecret ? secret(text) : text))
}

/**
 * A link that opens beside the inspector.
 *
 * @param {string} text
 * @param {string} href
 */
export function outsideLink(text, href) {
  const link = element('a', '', text)
  link.href = href
  link.target = '_blank'
  link.rel = 'noreferrer'
  return link
}
