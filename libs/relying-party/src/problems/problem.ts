/** What went wrong, in the words of a page for the user. Plain text: the page escapes it. */
export interface Problem {
  /** The HTTP status of the page. */
  readonly status: number
  readonly title: string
  readonly message: string
  /** What a developer wants to know, if it may be seen: the provider's error code, the check that failed. */
  readonly detail?: string
  /** The way out: a link to a path of this app. */
  readonly action: { readonly text: string; readonly href: string }
}

/** Who the page is for: one who is signed in is offered to sign out. */
export interface Visitor {
  readonly signedIn: boolean
}

/** A problem of our own finding. */
export class ProblemError extends Error {
  override readonly name = 'ProblemError'
  readonly problem: Problem

  constructor(problem: Problem, cause?: Error) {
    super(problem.title, cause && { cause })
    this.problem = problem
  }
}

/** A sign-in that got as far as the callback. Its `cause` says what went wrong. */
export class SignInFailed extends Error {
  override readonly name = 'SignInFailed'
  /** Where the user was going: to go there again starts again. */
  readonly returnTo: string

  constructor(returnTo: string, cause: unknown) {
    super('the sign-in failed', { cause })
    this.returnTo = returnTo
  }
}
