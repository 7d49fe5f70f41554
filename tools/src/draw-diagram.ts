import { urls } from '@basics/sample-kit'

import { readExchanges, type Step } from './read-exchanges.ts'

/** Characters of a line in a diagram, which GitHub scales down to the width of the page. */
const widest = 40

/** Behind what goes through the browser. Light enough for what is written on it, on white and on black. */
const band = 'rect rgba(60, 130, 230, 0.15)'

/**
 * A sequence diagram for Mermaid: the browser to the left, then the scenario, then what they talk to. Arrows
 * are numbered, answers are dashed, and what goes through the browser stands in a band of colour.
 *
 * @see {@link https://mermaid.js.org/syntax/sequenceDiagram.html#messages Mermaid's sequence diagrams}
 */
export function drawDiagram(scenario: string, steps: readonly Step[]): string {
  const taking = new Set(steps.flatMap(({ from, to }) => [from, to]))
  const names = [...new Set(['browser', scenario, ...taking])].filter((name) => taking.has(name))
  const alias = (name: string) => `P${names.indexOf(name)}`
  const front = readExchanges(scenario, steps).filter(({ isFrontChannel }) => isFrontChannel)
  const inBand = new Set(front.flatMap(({ arrows }) => arrows.map((arrow) => arrow - 1)))

  const draw = (step: Step, index: number): string[] => {
    const { from, to, kind } = step
    const arrow = kind === 'request' ? '->>' : '-->>'
    const lines = shorten(step, steps[index + 1])
      .flatMap(wrap)
      .map(toText)
    const message = `  ${alias(from)}${arrow}${alias(to)}: ${lines.join('<br/>')}`
    if (!inBand.has(index)) return [message]
    const begin = inBand.has(index - 1) ? [] : [`  ${band}`]
    const end = inBand.has(index + 1) ? [] : ['  end']
    return [...begin, message, ...end]
  }
  const participants = names.map((name) => `  participant ${alias(name)} as ${describeApp(name)}`)
  return ['sequenceDiagram', '  autonumber', ...participants, ...steps.flatMap(draw)].join('\n')
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
