import type { RequestHandler } from 'express'

import { describeError, describeResponse } from '../describe-error.ts'
import { scenarios } from '../scenarios.ts'
import { describeLogoutToken, type ShownLogoutToken } from './describe-logout-token.ts'
import { type Link, page } from './page.ts'
import { readToken } from './read-token.ts'

/** What the session page shows: the part of a web client's session that it knows. */
export interface ShownSession {
  readonly claims: Readonly<Record<string, unknown>>
  /** Seconds since the epoch. */
  readonly signedInAt: number
  /** Seconds since the epoch. */
  readonly expiresAt: number
  readonly tokens: {
    readonly access_token: string
    readonly token_type: string
    /** Seconds since the epoch. */
    readonly expires_at?: number
    readonly scope?: string
    readonly refresh_token?: string
    readonly id_token: string
  }
}

/** What was done to keep the access token of a call fresh: an event of token management. */
export interface ShownTokenEvent {
  /** Its name, such as `renewed`. */
  readonly event: string
  /** Seconds that the token is good for. */
  readonly expires_in?: number
  /** Of the API, for a call that was repeated. */
  readonly status?: number
  readonly error?: string
}

/** What the problem page shows. */
export interface ShownProblem {
  readonly title: string
  readonly message: string
  readonly detail?: string
  readonly action: Link
}

/** Buttons: the text of each, and the path it leads to. */
export type Buttons = Readonly<Record<string, string>>

/** Whether the page offers to sign out. */
interface Visitor {
  readonly signedIn: boolean
}

/**
 * The pages that all web clients share. Each returns whole HTML with everything escaped; the stylesheet
 * comes from `assets`.
 *
 * @param app The app's name, as in {@link scenarios}.
 */
export function webPages(app: string) {
  const sentence = scenarios.find(({ name }) => name === app)?.sentence ?? ''

  function render(file: string, title: string, { signedIn }: Visitor, model: object): string {
    const nav = [
      { text: 'Home', href: '/' },
      { text: 'Secure', href: '/secure' },
      ...(signedIn ? [{ text: 'Sign out', href: '/logout' }] : []),
    ]
    return page({ title, brand: app, nav, template: new URL(file, import.meta.url), model })
  }

  function problemPage(problem: ShownProblem, visitor: Visitor): string {
    return render('web-problem.eta', problem.title, visitor, problem)
  }

  return {
    /** What this app is, for everyone. */
    homePage: (visitor: Visitor): string =>
      render('web-home.eta', 'Home', visitor, { app, sentence, ...visitor }),

    /** Who is signed in and with which tokens. An app in production shows no tokens. */
    sessionPage: (session: ShownSession, buttons: Buttons = {}): string =>
      render('web-session.eta', 'Secure', signedIn, {
        claims: readClaims(session),
        properties: readProperties(session),
        tokens: readTokens(session),
        buttons,
      }),

    /**
     * What an API answered, or why it did not.
     *
     * @param buttons Ways out when the access token is refused.
     * @param events What token management did meanwhile; read once the answer is there.
     * @throws what `answer` rejects with, if that is an error with a page of its own.
     */
    apiPage: async (
      answer: Promise<Response>,
      buttons: Buttons = {},
      events?: readonly ShownTokenEvent[],
    ): Promise<string> => {
      const model = await readAnswer(answer)
      const steps = events?.map(describeTokenEvent)
      return render('web-api.eta', 'API', signedIn, { ...model, buttons, steps })
    },

    /** Which logout tokens have arrived, for who they were about. */
    logoutTokensPage: (tokens: readonly ShownLogoutToken[]): string =>
      render('web-logout-tokens.eta', 'Logout tokens', signedIn, {
        tokens: tokens.map(describeLogoutToken),
      }),

    /** What went wrong, in place of the page that was asked for. */
    problemPage,

    /** The last of an app's handlers, for who is signed in: there is no such page. */
    notFound: ((_req, res) => {
      res.status(404).send(problemPage(noSuchPage, signedIn))
    }) satisfies RequestHandler,
  }
}

const signedIn = { signedIn: true }

const noSuchPage: ShownProblem = {
  title: 'There is no such page',
  message: 'The address may be mistyped, or the page is gone.',
  action: { text: 'Home', href: '/' },
}

/** A claim with several values is shown as several claims. */
function readClaims({ claims }: ShownSession): [string, string][] {
  return Object.entries(claims).flatMap(([name, claim]) =>
    [claim].flat().map((value): [string, string] => [name, readText(value)]),
  )
}

function readText(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value)
}

function readProperties({ signedInAt, expiresAt, tokens }: ShownSession): [string, string][] {
  const { expires_at, token_type, scope } = tokens
  return [
    ['issued', readTime(signedInAt)],
    ['expires', readTime(expiresAt)],
    ...(expires_at === undefined ? [] : [['expires_at', readTime(expires_at)] as [string, string]]),
    ['token_type', token_type],
    ...(scope === undefined ? [] : [['scope', scope] as [string, string]]),
  ]
}

function readTokens({ tokens: { access_token, refresh_token, id_token } }: ShownSession) {
  return Object.entries({ access_token, refresh_token, id_token })
    .filter((entry): entry is [string, string] => entry[1] !== undefined)
    .map(([name, value]) => ({ name, value, decoded: readToken(value) }))
}

function readTime(seconds: number): string {
  return new Date(seconds * 1000).toISOString()
}

async function readAnswer(answer: Promise<Response>) {
  try {
    const response = await answer
    if (!response.ok)
      return { problem: await describeResponse(response), isRefused: response.status === 401 }
    const claims: unknown = await response.json()
    return { json: JSON.stringify(claims, null, 2), lifetime: readLifetime(claims) }
  } catch (error) {
    if (error instanceof Error && 'problem' in error) throw error
    return { problem: await describeError(error), isRefused: false }
  }
}

/** `iat` and `exp` among the claims that the API echoes: the wire's seconds, and a time to read. */
function readLifetime(claims: unknown): [name: string, seconds: string, time: string][] {
  const listed = Array.isArray(claims) ? (claims as { type?: unknown; value?: unknown }[]) : []
  return listed
    .filter(({ type, value }) => ['iat', 'exp'].includes(String(type)) && /^\d+$/.test(`${value}`))
    .map(({ type, value }) => [String(type), String(value), readTime(Number(value))])
}

function describeTokenEvent({ event, ...details }: ShownTokenEvent) {
  return { event, detail: describeDetails(details) }
}

function describeDetails({ expires_in, status, error }: Omit<ShownTokenEvent, 'event'>): string {
  if (error !== undefined) return error
  if (status !== undefined) return `the API refused the token; with a new one it answered ${status}`
  return expires_in === undefined ? 'sent to the token service' : `${expires_in} s left`
}
