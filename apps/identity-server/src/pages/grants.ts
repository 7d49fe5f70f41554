import type { SessionSummary, UserGrant } from '@basics/openid-provider'
import type { Request, Response } from 'express'

import { describeAccess } from './describe-access.ts'
import { readForm } from './form.ts'
import type { NoticeName } from './notice.ts'
import { type FormPage, notProven, type PageContext, type Problem } from './page-context.ts'
import { loggedOutPath, paths, signInPath } from './paths.ts'
import { sendPage } from './send-page.ts'
import { readWebUrl } from './web-url.ts'

const date = new Intl.DateTimeFormat('en-GB', { dateStyle: 'long', timeZone: 'UTC' })
const time = new Intl.DateTimeFormat('en-GB', { timeStyle: 'short', timeZone: 'UTC' })

/**
 * Shows what the user allowed each application, and takes it back: the consent, and the tokens that
 * were issued on it. Shows where the user is signed in, too, and signs them out there.
 *
 * @see {@link https://www.rfc-editor.org/rfc/rfc6749.html#section-10.3 RFC 6749 §10.3}
 * @see {@link https://openid.net/specs/openid-connect-backchannel-1_0.html#BCRequest Back-Channel Logout §2.5}
 */
export function grantsPage({ interaction, csrf, notice, findViewer }: PageContext): FormPage {
  async function show(req: Request, res: Response) {
    await send(req, res)
  }

  async function submit(req: Request, res: Response) {
    const form = readForm(req)
    if (!csrf.isProven(req, form)) return send(req, res, notProven)
    if ((await interaction.getSession(req)) === undefined)
      return res.redirect(303, signInPath(paths.grants))
    if (form.get('button') === 'everywhere')
      return res.redirect(303, loggedOutPath(await interaction.signOutEverywhere(req, res)))
    const done = await end(req, form)
    if (done !== undefined) notice.leave(res, done)
    res.redirect(303, paths.grants)
  }

  /** Ends what the form names. What has ended since the page was made is not told as done. */
  async function end(req: Request, form: URLSearchParams): Promise<NoticeName | undefined> {
    const sid = form.get('sid')
    if (sid !== null) {
      const isThere = (await interaction.getSessions(req)).some((session) => session.sid === sid)
      await interaction.endSession(req, sid)
      return isThere ? 'signed-out' : undefined
    }
    const clientId = form.get('clientId') ?? ''
    const isThere = (await interaction.getGrants(req)).some((grant) => grant.clientId === clientId)
    await interaction.revokeGrants(req, clientId)
    return isThere ? 'taken-back' : undefined
  }

  async function send(req: Request, res: Response, problem?: Problem) {
    const viewer = await findViewer(req)
    if (viewer === undefined) return res.redirect(303, signInPath(paths.grants))
    const grants = await interaction.getGrants(req)
    const sessions = await interaction.getSessions(req)
    sendPage(req, res, {
      title: problem === undefined ? 'Grants' : 'Error: Grants',
      template: new URL('./grants.eta', import.meta.url),
      viewer,
      status: problem?.status ?? 200,
      model: {
        problem,
        notice: notice.take(req, res),
        grants: grants.map(describeGrant),
        sessions: sessions.map(describeSession),
        logout: paths.logout,
        csrf: csrf.issueToken(req, res),
      },
    })
  }

  return { show, submit }
}

function describeGrant(grant: UserGrant) {
  return {
    clientId: grant.clientId,
    application: grant.clientName ?? grant.clientId,
    clientUrl: readWebUrl(grant.clientUri),
    logoUrl: grant.logoUri,
    description: grant.description,
    created: describeDate(grant.created),
    expires: grant.expires === undefined ? undefined : describeDate(grant.expires),
    groups: describeAccess(grant),
  }
}

function describeSession({
  sid,
  isCurrent,
  browser = 'A browser',
  clients,
  ...session
}: SessionSummary) {
  return {
    sid,
    isCurrent,
    browser,
    since: describeMoment(session.authTime),
    expires: describeMoment(session.expires),
    applications: clients.map(({ clientName, clientId, hasBackChannelLogout }) => ({
      name: clientName ?? clientId,
      // This browser can tell others too, and the page that confirms its logout says whom.
      isTold: hasBackChannelLogout && !isCurrent,
    })),
  }
}

interface Described {
  /** For machines. */
  readonly iso: string
  readonly text: string
}

/** @param moment Milliseconds since the epoch. */
function describeDate(moment: number): Described {
  return { iso: new Date(moment).toISOString().slice(0, 10), text: date.format(moment) }
}

/** @param moment Milliseconds since the epoch. */
function describeMoment(moment: number): Described {
  const text = `${date.format(moment)}, ${time.format(moment)} UTC`
  return { iso: new Date(moment).toISOString(), text }
}
