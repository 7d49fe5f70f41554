import { clientDefaults } from '../model/client.ts'
import type { Path } from './spelling.ts'

/** Our name of a property as the original writes it: `allowedScopes` is `AllowedScopes`. */
export function originalName(name: string): string {
  return name.charAt(0).toUpperCase() + name.slice(1)
}

/** `redirectUris[0]` as `['redirectUris', 0]`. */
export function readPath(text: string): Path {
  return (text.match(/\w+/g) ?? []).map((key) => (/^\d+$/.test(key) ? Number(key) : key))
}

const properties = Object.keys(clientDefaults).join('|')
const mentions = new RegExp(`\\b(${properties})(?=: | sliding)`, 'g')

/** The sentence of a check for whoever writes JSON, where names are the original's. */
export function inJson(message: string): string {
  return message
    .replace('; write sharedSecret(sha256(secret))', '; register the hash, not the secret')
    .replace('GrantTypes.code', '"authorization_code"')
    .replace(', see GrantTypes', ', such as "client_credentials"')
    .replace(mentions, originalName)
}
