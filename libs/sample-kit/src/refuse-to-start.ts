/**
 * Ends the process because its surroundings are not as it needs them: exit code 1, and one sentence
 * on stderr in place of a stack, for the reader can mend the setting but not the code.
 *
 * @param sentence What is wrong and what to do about it, never a secret.
 */
export function refuseToStart(sentence: string): never {
  process.stderr.write(`${sentence}\n`)
  process.exit(1)
}
