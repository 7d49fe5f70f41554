import type { Http } from './http.ts'

/** What a client does with the token service, from beginning to end. Throws unless every answer is the right one. */
export type Flow = (http: Http) => Promise<void>
