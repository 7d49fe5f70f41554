import { type Part, partsCheckedBy, partsMadeBy, partsOfAnswersMadeBy } from './diagram-parts.ts'
import { openedByUsers, type Sending, sentBy } from './diagram-senders.ts'
import { answeredBy, checkedBy, checksInPage } from './diagram-sources.ts'
import { findParts, isSaid } from './find-parts.ts'
import { main, type Source } from './source.ts'

/** A message that the e2e run saw, as it keeps it in e2e/traffic. */
export interface Step {
  readonly from: string
  readonly to: string
  readonly kind: 'request' | 'response'
  /** The request it is, or answers: `POST /connect/token`. */
  readonly about: string
  /** `{identity-server}` stands for the origin of an app. */
  readonly lines: readonly string[]
}

/** What sends a request: code, the arrow of the redirect that the browser follows, or who uses the browser. */
export type Sender = Sending | { readonly redirect: number } | 'user'

/** A request and its answer, with what stands behind them. */
export interface Exchange {
  readonly request: Step
  /** The numbers of the two arrows in the diagram, from 1. */
  readonly arrows: readonly [number, number]
  readonly sender: Sender
  /** The parts of the request that something else makes, each with what does. */
  readonly madeParts: readonly Part[]
  readonly checkedBy: Source
  readonly checkedParts: readonly Part[]
  /** Absent where that is what checks. */
  readonly answeredBy?: Source
  readonly answeredParts: readonly Part[]
  /** Absent where it is the browser itself, which shows a page or follows a redirect. */
  readonly answerReadBy?: Source
  /** Whether the browser itself carries it, by its address bar, a link, a form, a frame or a redirect. */
  readonly isFrontChannel: boolean
}

/**
 * The exchanges of a conversation, in the order of their requests.
 *
 * @throws {Error} for a request that nothing is known to send, nothing is known to check or nothing answers.
 */
export function readExchanges(scenario: string, steps: readonly Step[]): Exchange[] {
  return steps.flatMap((request, index) => {
    if (request.kind === 'response') return []
    const place = findAnswer(steps, index)
    const answer = steps[place] as Step
    const sender = findSender(scenario, steps, index)
    const answerReadBy = findReader(request, sender)
    const answering = answeredBy.find((each) => isSaid(each, answer))
    // The fragment of an address is in the redirect alone: a page checks it that its server never sees.
    const told = isRedirect(sender) ? (steps[sender.redirect - 1]?.lines ?? []) : []
    const received = { ...request, lines: [...request.lines, ...told] }
    return {
      request,
      arrows: [index + 1, place + 1] as const,
      sender,
      // What a redirect has brought was made for it.
      madeParts: isRedirect(sender) ? [] : findParts(partsMadeBy, request),
      checkedBy: findChecker(scenario, request, sender),
      checkedParts: findParts(partsCheckedBy, received),
      ...(answering && { answeredBy: answering }),
      answeredParts: findParts(partsOfAnswersMadeBy, answer),
      ...(answerReadBy && { answerReadBy }),
      isFrontChannel: request.from === 'browser' && !isFetch(sender),
    }
  })
}

/** The first that comes back the same way: nobody asks the same twice at a time. */
function findAnswer(steps: readonly Step[], index: number): number {
  const { from, to, about } = steps[index] as Step
  const answer = steps.findIndex(
    (step, place) =>
      place > index &&
      step.kind === 'response' &&
      step.about === about &&
      step.from === to &&
      step.to === from,
  )
  if (answer === -1) throw new Error(`nothing answers ${about} from ${from} to ${to}`)
  return answer
}

function findSender(scenario: string, steps: readonly Step[], index: number): Sender {
  const request = steps[index] as Step
  const { from, to, about, lines } = request
  const redirect = findRedirect(steps, index)
  if (redirect !== undefined) return { redirect: redirect + 1 }

  const asked = findAsked(steps, index)
  const sending = sentBy.find(
    (each) =>
      each.request === about &&
      (each.from ?? [from]).includes(from) &&
      (each.onPageOf === undefined || (from === 'browser' && each.onPageOf === scenario)) &&
      (each.during ?? asked) === asked &&
      lines.some((line) => line.includes(each.says ?? '')),
  )
  if (sending !== undefined) return sending

  const isOpened = to === scenario || openedByUsers.includes(about)
  if (from === 'browser' && isOpened) return 'user'
  throw new Error(`tools/src/diagram-senders.ts does not say what of ${from} sends ${about}`)
}

/** What the sender of a request is asked itself at that time. */
function findAsked(steps: readonly Step[], index: number): string | undefined {
  const asked = steps.findLast(
    ({ kind, to }, place) =>
      place < index &&
      kind === 'request' &&
      to === steps[index]?.from &&
      findAnswer(steps, place) > index,
  )
  return asked?.about
}

/** The redirect that the browser follows, if it does: of all that it was told, the last counts. */
function findRedirect(steps: readonly Step[], index: number): number | undefined {
  const { from, to, about } = steps[index] as Step
  const told = steps.findLastIndex(
    (step, place) => place < index && step.kind === 'response' && step.to === from,
  )
  const [, target] = /^30\d to ([^?#]+)/.exec(steps[told]?.lines[0] ?? '') ?? []
  const isFollowed = from === 'browser' && about === `GET ${target?.replace(`{${to}}`, '')}`
  return isFollowed ? told : undefined
}

function findChecker(scenario: string, { from, to, about }: Step, sender: Sender): Source {
  const inPage = isRedirect(sender) ? checksInPage[about] : undefined
  const checker = inPage ?? checkedBy[about]
  if (checker !== undefined) return checker
  if (from === 'browser' && to === scenario) return main(scenario)
  throw new Error(`tools/src/diagram-sources.ts does not say what of ${to} checks ${about}`)
}

function findReader({ from }: Step, sender: Sender): Source | undefined {
  if (sender === 'user' || isRedirect(sender)) return undefined
  return from === 'browser' && !isFetch(sender) ? undefined : (sender.answerReadBy ?? sender)
}

function isRedirect(sender: Sender): sender is { readonly redirect: number } {
  return typeof sender === 'object' && 'redirect' in sender
}

function isFetch(sender: Sender): boolean {
  return typeof sender === 'object' && 'isFetch' in sender
}
