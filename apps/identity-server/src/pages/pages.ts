import type { Interaction } from '@basics/openid-provider'
import { urls } from '@basics/sample-kit'
import { Router } from 'express'

import type { AccountStore } from '../users.ts'
import { consentPage } from './consent.ts'
import { createCsrf } from './csrf.ts'
import { diagnosticsPage } from './diagnostics.ts'
import { errorPage, notFoundPage, unreadableFormPage } from './error.ts'
import { form } from './form.ts'
import { grantsPage } from './grants.ts'
import { homePage } from './home.ts'
import { loggedOutPage } from './logged-out.ts'
import { loginPage } from './login.ts'
import { logoutPage } from './logout.ts'
import { createNotice } from './notice.ts'
import type { PageContext, TestUser } from './page-context.ts'
import { paths } from './paths.ts'
import { securityHeaders } from './security-headers.ts'
import { signInThrottle } from './sign-in-throttle.ts'
import { findViewer } from './viewer.ts'

export interface PagesOptions {
  /** As it stands in tokens. When it is https, cookies and headers insist on https. */
  readonly issuer: string
  readonly interaction: Interaction
  readonly accounts: AccountStore
  /** With details shown with their passwords, on the home page and the sign-in page: pass test users only. */
  readonly testUsers: readonly TestUser[]
  /** Whether pages show what only a developer needs. Default: not when `NODE_ENV` is production. */
  readonly showDetails?: boolean
}

/**
 * The pages of the token service, without any script. To be mounted after the engine's routes, which
 * read their own forms, and after all others, for what is not found gets a page: `app.use(pages({...}))`.
 */
export function pages({
  issuer,
  interaction,
  accounts,
  testUsers,
  showDetails = process.env.NODE_ENV !== 'production',
}: PagesOptions): Router {
  const isHttps = issuer.startsWith('https:')
  const context: PageContext = {
    interaction,
    accounts,
    csrf: createCsrf(isHttps),
    notice: createNotice(isHttps),
    throttle: signInThrottle(),
    findViewer: findViewer(interaction, accounts),
    showDetails,
    hintedUsers: showDetails ? testUsers : [],
  }
  const home = homePage({
    issuer,
    users: context.hintedUsers,
    findViewer: context.findViewer,
    ...(showDetails && { inspector: urls.inspector }),
  })
  const login = loginPage(context)
  const consent = consentPage(context)
  const logout = logoutPage(context)
  const grants = grantsPage(context)

  const routes = Router()
  routes.use(securityHeaders(isHttps))
  routes.get(paths.home, home)
  routes.get(paths.login, login.show)
  routes.post(paths.login, form, login.submit)
  routes.get(paths.consent, consent.show)
  routes.post(paths.consent, form, consent.submit)
  routes.get(paths.logout, logout.show)
  routes.post(paths.logout, form, logout.submit)
  routes.get(paths.loggedOut, loggedOutPage(context))
  routes.get(paths.error, errorPage(context))
  routes.get(paths.grants, grants.show)
  routes.post(paths.grants, form, grants.submit)
  routes.get(paths.diagnostics, diagnosticsPage(context))
  routes.use(notFoundPage(context), unreadableFormPage(context))
  return routes
}
