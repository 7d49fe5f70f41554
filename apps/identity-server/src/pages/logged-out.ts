import type { ToldClients } from '@basics/openid-provider'
import type { RequestHandler } from 'express'

import { readQuery } from './form.ts'
import type { PageContext } from './page-context.ts'
import { admitFrame } from './security-headers.ts'
import { sendPage } from './send-page.ts'

/**
 * Seconds in which a person can see what happened, before the browser goes on to the client. Browsers
 * count them from when the page is complete, and it is not before its frames are: the applications
 * have heard of it by then, or did not answer. Whoever does not want to wait for them has a link.
 *
 * @see {@link https://html.spec.whatwg.org/multipage/semantics.html#shared-declarative-refresh-steps HTML Standard §4.2.5.3}
 */
const pause = 2

/**
 * Confirms that the user is signed out, has the browser tell the applications that only it can tell,
 * names those that nobody can tell, and leads back to the client that asked for it.
 *
 * @see {@link https://openid.net/specs/openid-connect-rpinitiated-1_0.html#RedirectionAfterLogout OIDC RP-Initiated Logout §3}
 * @see {@link https://openid.net/specs/openid-connect-frontchannel-1_0.html#OPLogout Front-Channel Logout §3}
 */
export function loggedOutPage({ interaction, findViewer }: PageContext): RequestHandler {
  return async (req, res) => {
    const viewer = await findViewer(req)
    const logoutId = readQuery(req, 'logoutId')
    const context = await interaction.getLogoutContext(req, logoutId)
    const back = viewer === undefined ? readUrl(context.postLogoutRedirectUri) : undefined
    const iframePath = context.told?.iframePath
    // As a header, not in the page: the browser does the same, and the address needs no quoting.
    if (back !== undefined) res.set('Refresh', `${pause}; url=${back}`)
    if (iframePath !== undefined) admitFrame(res)
    sendPage(req, res, {
      title: viewer === undefined ? 'Signed out' : 'Signed in',
      template: new URL('./logged-out.eta', import.meta.url),
      viewer,
      model: {
        back,
        application: context.clientName ?? context.clientId,
        name: viewer?.name,
        told: readNames(context.told?.clients),
        notTold: readNames(context.told?.notTold),
        iframePath,
      },
    })
  }
}

function readNames(clients: ToldClients['clients'] = []): string[] {
  return clients.map(({ clientName, clientId }) => clientName ?? clientId).sort()
}

/** As the URL standard writes it, which is fit for a header: ASCII without spaces and line ends. */
function readUrl(uri: string | undefined): string | undefined {
  return uri === undefined ? undefined : URL.parse(uri)?.href
}
