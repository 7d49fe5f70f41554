import { keyPair } from '@basics/sample-kit'

/**
 * The private key of this application. It is made on the first run and never leaves the data folder; the
 * public half is handed to the token service, which the README tells more about.
 */
export const key = await keyPair('mvc-jar-jwt')
