/**
 * Shows the part of the page that is for who is signed in, or the other.
 *
 * @param {boolean} isSignedIn
 */
export function showSignedIn(isSignedIn) {
  /** @type {NodeListOf<HTMLElement>} */
  const parts = document.querySelectorAll('[data-signed-in]')
  for (const part of parts) part.hidden = part.dataset.signedIn !== `${isSignedIn}`
}

/**
 * Shows a value as text, which is never HTML, in the element with this id.
 *
 * @param {string} id
 * @param {unknown} value
 */
export function show(id, value) {
  element(id).textContent = typeof value === 'string' ? value : JSON.stringify(value, null, 2)
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
