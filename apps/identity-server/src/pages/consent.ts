import type { AuthorizationContext } from '@basics/openid-provider'
import type { Request, Response } from 'express'

import { offlineAccess as awayAccess, describeAccess } from './describe-access.ts'
import { sendReturnUrlError } from './error.ts'
import { readForm, readQuery } from './form.ts'
import {
  type FormPage,
  notProven,
  type PageContext,
  type Problem,
  unknownButton,
} from './page-context.ts'
import { signInPath } from './paths.ts'
import { admitFormRedirect } from './security-headers.ts'
import { sendPage } from './send-page.ts'
import { readWebUrl } from './web-url.ts'

const maximumDescription = 100

/** What the user chose. */
interface Choice {
  readonly scopes: readonly string[]
  readonly remember: boolean
  readonly description: string
}

const nothingChosen: Problem = {
  status: 400,
  text: 'Please tick at least one kind of access, or choose “Do not allow”.',
  fields: ['scopes'],
}

/**
 * Asks the user what a client may do. Only what it asked for can be granted, and what it cannot do
 * without always is.
 *
 * @see {@link https://openid.net/specs/openid-connect-core-1_0.html#Consent OIDC Core §3.1.2.4}
 */
export function consentPage(context: PageContext): FormPage {
  const { interaction, csrf, findViewer } = context

  async function show(req: Request, res: Response) {
    const returnUrl = readQuery(req, 'returnUrl') ?? ''
    const request = await interaction.getAuthorizationContext(returnUrl)
    if (request === undefined) return sendReturnUrlError(req, res, context)
    const choice = { scopes: allScopes(request), remember: true, description: '' }
    await send(req, res, { request, returnUrl, choice })
  }

  async function submit(req: Request, res: Response) {
    const form = readForm(req)
    const returnUrl = form.get('returnUrl') ?? ''
    const request = await interaction.getAuthorizationContext(returnUrl)
    if (request === undefined) return sendReturnUrlError(req, res, context)
    const choice = readChoice(form, request)
    const asked = { request, returnUrl, choice }
    if (!csrf.isProven(req, form)) return send(req, res, asked, notProven)

    const button = form.get('button')
    if (button !== 'yes' && button !== 'no') return send(req, res, asked, unknownButton)
    if (button === 'yes' && choice.scopes.length === 0) return send(req, res, asked, nothingChosen)
    if ((await interaction.getSession(req)) === undefined)
      return res.redirect(303, signInPath(returnUrl))

    if (button === 'yes') await interaction.grantConsent(req, returnUrl, readConsent(choice))
    else await interaction.denyAuthorization(returnUrl)
    res.redirect(303, returnUrl)
  }

  async function send(
    req: Request,
    res: Response,
    {
      request,
      returnUrl,
      choice,
    }: { request: AuthorizationContext; returnUrl: string; choice: Choice },
    problem?: Problem,
  ) {
    const viewer = await findViewer(req)
    if (viewer === undefined) return res.redirect(303, signInPath(returnUrl))
    const { client, offlineAccess } = request
    const groups = describeAccess(request)
    admitFormRedirect(res, request.responseOrigin)
    sendPage(req, res, {
      title: problem === undefined ? 'Allow access' : 'Error: Allow access',
      template: new URL('./consent.eta', import.meta.url),
      viewer,
      status: problem?.status ?? 200,
      model: {
        problem,
        returnUrl,
        choice,
        maximumDescription,
        application: client.clientName ?? client.clientId,
        clientUrl: readWebUrl(client.clientUri),
        logoUrl: client.logoUri,
        name: viewer.name,
        groups,
        hasImportant: groups.some(({ accesses }) => accesses.some(({ emphasize }) => emphasize)),
        offlineAccess,
        canRemember: canRemember(request),
        csrf: csrf.issueToken(req, res),
      },
    })
  }

  return { show, submit }
}

function readChoice(form: URLSearchParams, request: AuthorizationContext): Choice {
  const ticked = form.getAll('scopes')
  const required = [...request.identityResources, ...request.apiScopes]
    .filter((resource) => resource.required === true)
    .map(({ name }) => name)
  return {
    scopes: allScopes(request).filter((name) => ticked.includes(name) || required.includes(name)),
    remember: canRemember(request) && form.get('rememberConsent') === 'true',
    description: form.get('description')?.trim().slice(0, maximumDescription) ?? '',
  }
}

/**
 * Access while the user is away is asked for each time: the engine remembers no consent to it.
 *
 * @see {@link https://openid.net/specs/openid-connect-core-1_0.html#OfflineAccess OIDC Core §11}
 */
function canRemember({ client, offlineAccess }: AuthorizationContext): boolean {
  return client.allowRememberConsent && !offlineAccess
}

function readConsent({ scopes, remember, description }: Choice) {
  return { scopes, remember, ...(description !== '' && { description }) }
}

function allScopes(request: AuthorizationContext): string[] {
  const resources = [...request.identityResources, ...request.apiScopes]
  return [...resources.map(({ name }) => name), ...(request.offlineAccess ? [awayAccess.name] : [])]
}
