import assert from 'node:assert/strict'

import type { Form } from './http.ts'
import type { Visit } from './visit.ts'

/** A request that is in order, until something is done to it. */
export interface ValidRequest {
  readonly method: Method
  readonly path: string
  readonly parameters: readonly [name: string, value: string][]
  readonly headers: readonly [name: string, value: string][]
}

/** What the answer to a request has to be as long as nothing is done to it. */
export interface Expected {
  readonly status: number
  /** A part of the answer, head or body, that tells it from the others of this status. */
  readonly tells: string
}

/** A kind of request, and how to make one more: what it refers to may be good for one use, and is made with it. */
export interface RequestKind {
  readonly method: Method
  readonly path: string
  readonly expected: Expected
  /** How many are sent for each of the others whose weight is 1. */
  readonly weight: number
  create(visit: Visit): Promise<ValidRequest>
}

type Method = 'GET' | 'POST'
type Content = { readonly parameters?: Form; readonly headers?: Form }
type CreateContent = (visit: Visit) => Content | Promise<Content>

/** One that takes a password to hash, or ends what others have. */
const rarely = 1
const often = 8

export const get = kindOf('GET', often)
export const post = kindOf('POST', often)
export const rareGet = kindOf('GET', rarely)
export const rarePost = kindOf('POST', rarely)

function kindOf(method: Method, weight: number) {
  return (
    path: string,
    [status, tells]: readonly [status: number, tells: string],
    createContent: CreateContent = () => ({}),
  ): RequestKind => ({
    ...{ method, path, weight, expected: { status, tells } },
    async create(visit) {
      const { parameters = {}, headers = {} } = await createContent(visit)
      return {
        ...{ method, path },
        parameters: Object.entries(parameters),
        headers: Object.entries(headers),
      }
    },
  })
}

/** Whether an answer, as it comes over the wire, is the one to a request of the kind to which nothing was done. */
export function isServed({ expected: { status, tells } }: RequestKind, answer: string): boolean {
  return answer.startsWith(`HTTP/1.1 ${status} `) && answer.includes(tells)
}

/** @throws {AssertionError} that names the request and shows its answer, if that is not the one expected */
export function requireServed(kind: RequestKind, request: string, answer: string): void {
  assert.ok(
    isServed(kind, answer),
    `${describeKind(kind)} expected of\n${request}\nbut got\n${answer}`,
  )
}

/** Such as `GET /grants → 200 data-client="web-client"`. */
export function describeKind({ method, path, expected: { status, tells } }: RequestKind): string {
  return `${method} ${path} → ${status} ${tells}`
}
