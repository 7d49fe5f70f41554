import { discover } from './discovery.js'

/** Milliseconds between two questions. None of them is a request. */
const interval = 3_000

/**
 * Watches whether the user is still signed in at the token service, where another application or another
 * tab may end the session: asks the service's own page, in a hidden frame, every few seconds.
 *
 * "changed" counts only after "unchanged". In a browser that keeps cookies from frames of other sites the
 * page sees no session at all, and would have everybody signed out at once.
 *
 * @param {string} clientId
 * @param {string | null} session_state From the authorization response. Without it nothing is watched.
 * @param {() => void} onEnded Called once.
 * @returns {Promise<() => void>} What ends the watch.
 * @see {@link https://openid.net/specs/openid-connect-session-1_0.html#RPiframe Session Management §3.1}
 */
export async function monitorSession(clientId, session_state, onEnded) {
  const { check_session_iframe } = await discover()
  if (check_session_iframe === undefined || session_state === null) return () => {}
  const { origin } = new URL(check_session_iframe)
  const frame = createFrame(check_session_iframe)
  const watch = new AbortController()
  const { signal } = watch
  let wasUnchanged = false
  let timer = 0

  addEventListener('message', receive, { signal })
  signal.addEventListener('abort', () => {
    clearInterval(timer)
    frame.remove()
  })
  frame.addEventListener('load', () => {
    ask()
    timer = setInterval(ask, interval)
  })
  document.body.append(frame)

  function ask() {
    frame.contentWindow?.postMessage(`${clientId} ${session_state}`, origin)
  }

  /** @param {MessageEvent<unknown>} answer */
  function receive(answer) {
    if (answer.origin !== origin) return
    if (answer.data === 'unchanged') wasUnchanged = true
    if (answer.data !== 'changed' || !wasUnchanged) return
    watch.abort()
    onEnded()
  }

  return () => watch.abort()
}

/** @param {string} src */
function createFrame(src) {
  const frame = document.createElement('iframe')
  frame.src = src
  frame.title = 'Asks whether you are still signed in'
  frame.hidden = true
  return frame
}
