/** One mistake in a registration: of whom, where, what was found and what is expected. */
export interface ConfigurationProblem {
  /** `client mvc-basic`, `API resource resource1`, … */
  readonly subject: string
  /** `redirectUris[0]` */
  readonly path: string
  readonly message: string
}

/** Registrations that cannot be served. Names every mistake, not only the first. */
export class ConfigurationError extends Error {
  override readonly name = 'ConfigurationError'
  readonly problems: readonly ConfigurationProblem[]

  constructor(problems: readonly ConfigurationProblem[]) {
    super(problems.map(describeProblem).join('\n'))
    this.problems = problems
  }
}

/** On one line, whatever the registration holds. */
export function describeProblem({ subject, path, message }: ConfigurationProblem): string {
  return `${subject}: ${path} ${message}`.replace(/\p{Cc}+/gu, ' ')
}
