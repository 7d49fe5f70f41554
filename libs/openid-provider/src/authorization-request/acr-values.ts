import { AuthorizationError, type FormParameters } from '@basics/protocol'

const maximumAcrValues = 300
const idpPrefix = 'idp:'

/**
 * How the user should sign in. `idp:<name>` names the identity provider, which is the original's use of
 * this parameter; the other values are the host's to understand.
 *
 * @see {@link https://openid.net/specs/openid-connect-core-1_0.html#AuthRequest OIDC Core §3.1.2.1}
 */
export function readAcrValues({ acr_values = '' }: FormParameters): {
  acr_values: readonly string[]
  idp: string | undefined
} {
  if (acr_values.length > maximumAcrValues)
    throw new AuthorizationError('invalid_request', 'acr_values is longer than 300 characters')
  const values = acr_values.split(' ').filter((value) => value !== '')
  return {
    acr_values: values.filter((value) => !value.startsWith(idpPrefix)),
    idp: values.find((value) => value.startsWith(idpPrefix))?.slice(idpPrefix.length),
  }
}
