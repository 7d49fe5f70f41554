import { usage } from './usage.ts'

/** A command that was not carried out; its message, of whole lines, says why. */
export class CommandRefused extends Error {
  static unknown(clientId: string): CommandRefused {
    return new CommandRefused(`there is no client ${clientId} in the store; see the command list`)
  }
}

/** A command line that makes no sense. */
export class UsageError extends CommandRefused {
  constructor(message: string) {
    super(`${message}\n\n${usage}`)
  }
}
