import type { CommandContext } from './run-command.ts'

/** Whether code or configuration file have a client of this id: that is the one that is served. */
export async function isRegisteredElsewhere(
  clientId: string,
  { readRegistrations }: CommandContext,
): Promise<boolean> {
  const { clients } = readRegistrations()
  return (await clients.findClientById(clientId)) !== undefined
}
