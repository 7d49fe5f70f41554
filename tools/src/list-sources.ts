import { basename } from 'node:path/posix'

import type { Part } from './diagram-parts.ts'
import type { Exchange } from './read-exchanges.ts'
import type { Source } from './source.ts'

/**
 * A table for a README of a scenario: what sends each request of its diagram, what checks it, and what reads
 * the answer. Each with the file, linked, and the function in there.
 */
export function listSources(exchanges: readonly Exchange[]): string {
  const rows = exchanges.map((exchange) => [
    exchange.arrows.join(', '),
    `\`${exchange.request.about}\``,
    describeSender(exchange),
    describeChecks(exchange),
    describeReader(exchange),
  ])
  const head = ['arrows', 'request', 'sent by', 'checked by', 'answer read by']
  return [head, head.map(() => '---'), ...rows]
    .map((cells) => `| ${cells.join(' | ')} |`)
    .join('\n')
}

function describeSender(exchange: Exchange): string {
  const made = exchange.madeParts.map((part) => describePart(part, 'from'))
  return [describeWay(exchange), ...made].join('<br>')
}

function describeWay({ sender, isFrontChannel }: Exchange): string {
  if (sender === 'user') return 'the browser, for its user'
  if ('redirect' in sender) return `the browser, sent on by ${sender.redirect}`
  return isFrontChannel ? `the browser, from ${describe(sender)}` : describe(sender)
}

function describeChecks(exchange: Exchange): string {
  const { checkedBy, checkedParts, answeredBy, answeredParts } = exchange
  return [
    describe(checkedBy),
    ...checkedParts.map((part) => describePart(part, 'by')),
    ...(answeredBy === undefined ? [] : [`answered by ${describe(answeredBy)}`]),
    ...answeredParts.map((part) => describePart(part, 'from')),
  ].join('<br>')
}

function describePart(part: Part, preposition: 'from' | 'by'): string {
  return `\`${part.says.replace(/^\W/, '')}\` ${preposition} ${describe(part)}`
}

function describeReader({ sender, answerReadBy }: Exchange): string {
  if (answerReadBy === undefined) return 'the browser'
  return answerReadBy === sender ? 'the sender' : describe(answerReadBy)
}

/** With the project, since files of two projects may have the same name. */
function describe({ file, name }: Source): string {
  const [, project] = file.split('/')
  const link = `[${project}/${basename(file)}](../../${file})`
  return name === undefined ? link : `${link}: \`${name}\``
}
