import { element, secret } from './elements.js'

/**
 * Where a request went, to be copied and opened once more. A redirect is no entry of the browser's history:
 * here its address is still to be had.
 *
 * @param {string} url Absolute. What comes behind its path is shown to who asks for it.
 * @returns {Node[]}
 */
export function addressSection(url) {
  const { origin, pathname, search } = new URL(url)
  const path = origin + pathname
  const shown = search === '' ? element('code', '', url) : secret(url, `${path}?…`)
  const copy = element('button', 'secondary', 'Copy address')
  copy.type = 'button'
  copy.addEventListener('click', () => {
    navigator.clipboard.writeText(url).then(
      () => copy.replaceChildren('Copied'),
      () => copy.replaceChildren('The browser does not allow it: select the address'),
    )
  })
  return [element('h3', '', 'Address'), element('p', 'address', shown, copy)]
}
