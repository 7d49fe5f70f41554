import type { Interaction } from '@basics/openid-provider'
import type { RequestHandler } from 'express'

import type { AccountStore } from '../users.ts'
import type { Csrf } from './csrf.ts'
import type { Notice } from './notice.ts'
import type { SignInThrottle } from './sign-in-throttle.ts'
import type { FindViewer } from './viewer.ts'

/** What the pages work with. Each takes of it what it needs. */
export interface PageContext {
  readonly interaction: Interaction
  readonly accounts: AccountStore
  readonly csrf: Csrf
  readonly notice: Notice
  readonly throttle: SignInThrottle
  readonly findViewer: FindViewer
  readonly showDetails: boolean
  /** Shown on the home page and the sign-in page with their passwords; none in production. */
  readonly hintedUsers: readonly TestUser[]
}

export interface TestUser {
  readonly username: string
  readonly password: string
}

/** A page with a form, which is sent to the page's own path. */
export interface FormPage {
  readonly show: RequestHandler
  readonly submit: RequestHandler
}

/** What a form page says about a form it could not accept: a text, and the fields it is about. */
export interface Problem {
  readonly status: number
  readonly text: string
  readonly fields: readonly string[]
}

/** The form may be old, or another site's. Shown again with what was entered, it needs one more click. */
export const notProven: Problem = {
  status: 403,
  text:
    'Nothing was done, to be safe: the form was too old. Please send it again. If that keeps ' +
    'happening, allow cookies for this site.',
  fields: [],
}

export const unknownButton: Problem = {
  status: 400,
  text: 'That was none of the choices below. Please choose one.',
  fields: [],
}
