import type { RequestHandler } from 'express'

import { readQuery } from './form.ts'
import type { PageContext } from './page-context.ts'
import { sendPage } from './send-page.ts'

/** Seconds in which a person can see what happened, before the browser goes on to the client. */
const pause = 2

/**
 * Confirms that the user is signed out, and leads back to the client that asked for it.
 *
 * @see {@link https://openid.net/specs/openid-connect-rpinitiated-1_0.html#RedirectionAfterLogout OIDC RP-Initiated Logout §3}
 */
export function loggedOutPage({ interaction, findViewer }: PageContext): RequestHandler {
  return async (req, res) => {
    const viewer = await findViewer(req)
    const logoutId = readQuery(req, 'logoutId')
    const context = await interaction.getLogoutContext(req, logoutId)
    const back = viewer === undefined ? readUrl(context.postLogoutRedirectUri) : undefined
    // As a header, not in the page: the browser does the same, and the address needs no quoting.
    if (back !== undefined) res.set('Refresh', `${pause}; url=${back}`)
    sendPage(req, res, {
      title: viewer === undefined ? 'Signed out' : 'Signed in',
      template: new URL('./logged-out.eta', import.meta.url),
      viewer,
      model: { back, application: context.clientName ?? context.clientId, name: viewer?.name },
    })
  }
}

/** As the URL standard writes it, which is fit for a header: ASCII without spaces and line ends. */
function readUrl(uri: string | undefined): string | undefined {
  return uri === undefined ? undefined : URL.parse(uri)?.href
}
