/**
 * The first script of both pages. It takes what the provider answered out of the page's address, so that
 * neither the history, nor a bookmark, nor whoever looks at the screen has it afterwards. It imports nothing
 * before that: the answer would stay while the imports are loaded, and for good when one of them is not.
 *
 * @typedef {object} Answer What the address of the page was opened with.
 * @property {string} query
 * @property {string} fragment
 */

/** @type {Answer} */
const answer = { query: location.search, fragment: location.hash }
history.replaceState(null, '', location.pathname)

/** @type {HTMLScriptElement | null} */
const script = document.querySelector('script[data-program]')
try {
  /** @type {{ start(answer: Answer): Promise<void> }} */
  const program = await import(script?.dataset.program ?? '')
  await program.start(answer)
} catch (error) {
  console.error(error)
  showProblem('This page could not be loaded completely. Load it again, and sign in again.')
}

/** @param {string} problem */
function showProblem(problem) {
  const place = document.getElementById('problem')
  if (place === null) return
  place.textContent = problem
  place.hidden = false
}
