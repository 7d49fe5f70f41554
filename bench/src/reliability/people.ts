/** Somebody who can sign in, with what userinfo says of them. */
export interface Person {
  readonly sub: string
  readonly name: string
  /** Their password too. */
  readonly username: string
}

export const alice: Person = { sub: '1', name: 'Alice Smith', username: 'alice' }
export const bob: Person = { sub: '2', name: 'Bob Smith', username: 'bob' }

let turn = 0

/** alice and bob by turns, so that it is seen when one of them gets what is the other's. */
export function nextPerson(): Person {
  return turn++ % 2 === 0 ? alice : bob
}
