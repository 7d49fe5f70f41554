import { usage } from './usage.ts'

/** A command that was not carried out; its message, of whole lines, says why. */
export class CommandRefused extends Error {
  static unknown(clientId: string): CommandRefused {
    return new CommandRefused(`there is no client ${clientId} in the store; see the command list`)
  }

  static elsewhere(clientId: string): CommandRefused {
    return new CommandRefused(
      `${clientId} is registered in the code of the token service, or in its configuration file`,
    )
  }
}

/** A command line that makes no sense. */
export class UsageError extends CommandRefused {
  constructor(message: string) {
    super(`${message}\n\n${usage}`)
  }
}
