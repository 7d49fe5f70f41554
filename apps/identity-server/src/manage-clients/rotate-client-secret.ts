import { createSecret, sha256, sharedSecret } from '@basics/openid-provider'

import { CommandRefused, UsageError } from './command-refused.ts'
import { isRegisteredElsewhere } from './is-registered-elsewhere.ts'
import type { Command } from './run-command.ts'

/** Gives a client a new secret, and its old one a time to live. */
export const rotateClientSecret: Command = async ({ subject = '', options }, context) => {
  const { clients, now } = context
  const oldUntil = new Date(now() + readSeconds(options['keep-old'] ?? '7d') * 1000)
  const client = await clients.get(subject)
  if (client === undefined) throw CommandRefused.unknown(subject)
  if (await isRegisteredElsewhere(subject, context)) throw CommandRefused.elsewhere(subject)
  // A secret beside a key would be the easier way in, and a public client has no use for one.
  if (!client.clientSecrets?.some(({ type }) => type === 'SharedSecret'))
    throw new CommandRefused(`${subject} has no secret that could be replaced`)

  const secret = createSecret()
  const rotation = { secret: sharedSecret(sha256(secret)), oldUntil }
  if (!(await clients.rotateSecret(subject, rotation))) throw CommandRefused.unknown(subject)
  const old = oldUntil.getTime() > now() ? `ends at ${oldUntil.toISOString()}` : 'has ended'
  const lines = [`The old secret of ${subject} ${old}. The new one, which is shown this once:`]
  return { output: [...lines, '', `  ${secret}`].join('\n') }
}

/** A secret that is replaced is to be gone one day. */
const maximumDays = 90

const units: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600, d: 86_400 }

/** Seconds of `90s`, `30m`, `12h`, `7d` or `0`. */
function readSeconds(text: string): number {
  const [, amount, unit = 's'] = /^(\d{1,5})([smhd])$|^0$/.exec(text) ?? []
  if (text !== '0' && amount === undefined)
    throw new UsageError(`--keep-old is ${text}; expected a time such as 12h or 7d, or 0`)
  const seconds = Number(amount ?? 0) * (units[unit] ?? 1)
  if (seconds > maximumDays * 86_400)
    throw new UsageError(`--keep-old is ${text}; expected at most ${maximumDays}d`)
  return seconds
}
