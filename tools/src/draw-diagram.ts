import { basename } from 'node:path'

import { urls } from '@basics/sample-kit'

import { answeredBy, beginsSignIn, checkedBy, type Source, sentBy } from './diagram-sources.ts'

/** Characters of a line in a diagram, which GitHub scales down to the width of the page. */
const widest = 40

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

/**
 * A sequence diagram for Mermaid: the browser to the left, then the scenario, then what they talk to. Answers
 * are dashed, and a note names who sends, checks or answers.
 *
 * @see {@link https://mermaid.js.org/syntax/sequenceDiagram.html#messages Mermaid's sequence diagrams}
 */
export function drawDiagram(scenario: string, steps: readonly Step[]): string {
  const taking = new Set(steps.flatMap(({ from, to }) => [from, to]))
  const names = [...new Set(['browser', scenario, ...taking])].filter((name) => taking.has(name))
  const alias = (name: string) => `P${names.indexOf(name)}`

  const draw = (step: Step, index: number): string[] => {
    const { from, to, kind } = step
    const arrow = kind === 'request' ? '->>' : '-->>'
    const lines = shorten(step, steps[index + 1])
      .flatMap(wrap)
      .map(toText)
    const message = `  ${alias(from)}${arrow}${alias(to)}: ${lines.join('<br/>')}`
    const { over, text } = describeSources(step)
    if (text === '') return [message]
    const note = `  Note over ${over.map(alias).toSorted().join()}: ${text}`
    return kind === 'request' ? [message, note] : [note, message]
  }
  const participants = names.map((name) => `  participant ${alias(name)} as ${describeApp(name)}`)
  return ['sequenceDiagram', ...participants, ...steps.flatMap(draw)].join('\n')
}

function describeSources(step: Step): { over: string[]; text: string } {
  const { from, to, kind, about, lines } = step
  if (kind === 'response') {
    const isToSignIn = from !== 'identity-server' && lines[0]?.includes('/connect/authorize?')
    const source = isToSignIn ? beginsSignIn : answeredBy[about]
    return { over: [from], text: describe('answered by', source) }
  }
  const sender = sentBy.find(
    (each) =>
      each.request === about &&
      (each.from ?? from) === from &&
      lines.some((line) => line.includes(each.says ?? '')),
  )
  const described = [describe('sent by', sender), describe('checked by', checkedBy[about])]
  return {
    over: sender === undefined ? [to] : [from, to],
    text: described.filter((each) => each !== '').join('<br/>'),
  }
}

function describe(what: string, source: Source | undefined): string {
  if (source === undefined) return ''
  return wrap(`${what} ${basename(source.file)}: ${source.name}`).join('<br/>')
}

/** A redirect whose parameters the next request has, without them. */
function shorten({ kind, lines }: Step, next: Step | undefined): readonly string[] {
  const [address = ''] = lines
  const [asked = ''] = next?.lines ?? []
  const query = asked.indexOf('?')
  const isFollowed = kind === 'response' && query > 0 && address.endsWith(asked.slice(query))
  return isFollowed ? [`${address.slice(0, query - asked.length)}?…`] : lines
}

/** Between parameters, behind a colon, or within a URN: a line of a diagram has no other place to break. */
function wrap(line: string): string[] {
  const lines: string[] = []
  for (const part of line.split(/(?=[&#]|\?(?!…))|(?<=[,:] )|(?<=:)(?=[a-z])/)) {
    const last = lines.at(-1)
    if (last !== undefined && last.length + part.trimEnd().length <= widest)
      lines[lines.length - 1] = last + part
    else lines.push(part)
  }
  return lines.map((each) => each.trimEnd())
}

/** With the default URLs in place of the names of apps. Mermaid takes `;` and `#` for its own. */
function toText(line: string): string {
  return line
    .replace(/\{([\w-]+)\}/g, (whole, app: string) => urlOf(app) ?? whole)
    .replace(/[#;<>]/g, (character) => `#${character.charCodeAt(0)};`)
}

function describeApp(name: string): string {
  const url = urlOf(name)
  return url === undefined ? name : `${name} :${new URL(url).port}`
}

function urlOf(app: string): string | undefined {
  const key = app.replace(/-(.)/g, (_, letter: string) => letter.toUpperCase())
  return (urls as Readonly<Record<string, string | undefined>>)[key]
}
