/** One mistake in a registration: of whom, where, what was found and what is expected. */
export interface ConfigurationProblem {
  /** `client mvc-basic`, `API resource resource1`, … */
  readonly subject: string
  /** `redirectUris[0]` */
  readonly path: string
  readonly message: string
}

/** Is told what is wrong with a registration: the property, and a sentence that continues from its name. */
export type Report = (path: string, message: string) => void

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
