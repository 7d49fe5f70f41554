import type { Part } from './diagram-parts.ts'
import type { Step } from './read-exchanges.ts'

/** Those of the parts that the message has. */
export function findParts(parts: readonly Part[], message: Step): Part[] {
  return parts.filter(
    (part) =>
      isSaid(part, message) &&
      (part.from ?? [message.from]).includes(message.from) &&
      (part.to ?? [message.to]).includes(message.to),
  )
}

/** Whether a message is about that request, or about whatever, and says that. */
export function isSaid(
  { request, says }: { readonly request?: string; readonly says: string },
  { about, lines }: Step,
): boolean {
  return (request ?? about) === about && lines.some((line) => line.includes(says))
}
