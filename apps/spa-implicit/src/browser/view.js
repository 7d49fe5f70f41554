/**
 * Shows the part of the page that is for who is signed in, or the other. What was shown of the user does not
 * stay behind when they have left.
 *
 * @param {boolean} isSignedIn
 */
export function showSignedIn(isSignedIn) {
  /** @type {NodeListOf<HTMLElement>} */
  const parts = document.querySelectorAll('[data-signed-in]')
  for (const part of parts) part.hidden = part.dataset.signedIn !== `${isSignedIn}`
  if (isSignedIn) return
  for (const place of document.querySelectorAll('[data-signed-in] pre code')) place.textContent = ''
}

/**
 * Shows a value as text, which is never HTML, in the element with this id. When that is hidden the value came
 * too late: it is of a user who has left.
 *
 * @param {string} id
 * @param {unknown} value
 */
export function show(id, value) {
  const place = element(id)
  if (place.closest('[hidden]') === null) place.textContent = format(value)
}

/**
 * As JSON, in which each item of a list has one line, though it be an object.
 *
 * @param {unknown} value
 */
function format(value) {
  if (!Array.isArray(value)) return JSON.stringify(value, null, 2)
  const items = value.map((item) => JSON.stringify(item, null, 1).replace(/\n */g, ' '))
  return `[\n  ${items.join(',\n  ')}\n]`
}

/**
 * Does something for a click, or when the page opens, and shows what went wrong with it.
 *
 * @param {() => Promise<void>} action
 */
export async function perform(action) {
  const problem = element('problem')
  problem.hidden = true
  try {
    await action()
  } catch (error) {
    problem.textContent = error instanceof Error ? error.message : String(error)
    problem.hidden = false
  }
}

/**
 * @param {string} id Of a button.
 * @param {() => Promise<void>} action
 */
export function onClick(id, action) {
  element(id).addEventListener('click', () => perform(action))
}

/** @param {string} id */
function element(id) {
  const found = document.getElementById(id)
  if (found === null) throw new Error(`the page has no element ${id}`)
  return found
}
