/** A property of the original that is not built here. */
interface Unsupported {
  /** Whether a value asks for nothing, being the original's default. */
  isDefault(value: unknown): boolean
  /** Whether a registration that asks for it must not be served, since it would be less safe. */
  readonly refused: boolean
  readonly consequence: string
}

const isNot = (value: unknown) => String(value).toLowerCase() === 'false'
const is = (value: unknown) => String(value).toLowerCase() === 'true'
const isEmpty = (value: unknown) => value === '' || (Array.isArray(value) && value.length === 0)
const never = () => false

const refused = (isDefault: Unsupported['isDefault'], consequence: string): Unsupported => ({
  isDefault,
  refused: true,
  consequence,
})

const ignored = (isDefault: Unsupported['isDefault'], consequence: string): Unsupported => ({
  isDefault,
  refused: false,
  consequence,
})

const ofDeviceFlow = ignored(never, 'is ignored; there is no device flow')
const ofCiba = ignored(never, 'is ignored; there is no backchannel authentication (CIBA)')

const ofClients: Readonly<Record<string, Unsupported>> = {
  protocoltype: refused(
    (value) => String(value).toLowerCase() === 'oidc',
    'is not served; expected oidc, or nothing',
  ),
  allowplaintextpkce: refused(
    isNot,
    'is not served; S256 is the only code_challenge_method, so expected false',
  ),
  requiredpop: refused(isNot, 'is not served; access tokens are bearer tokens, so expected false'),
  dpopvalidationmode: ignored(never, 'is ignored; there is no DPoP'),
  dpopclockskew: ignored(never, 'is ignored; there is no DPoP'),
  allowedidentitytokensigningalgorithms: refused(
    isEmpty,
    'is not served; all ID Tokens are signed with the same algorithm, so expected nothing',
  ),
  enablelocallogin: refused(is, 'is not served; local login is the only one, so expected true'),
  identityproviderrestrictions: refused(
    isEmpty,
    'is not served; there are no other identity providers, so expected nothing',
  ),
  coordinatelifetimewithusersession: refused(
    isNot,
    'is not served; tokens do not end with the session of the user, so expected false',
  ),
  pairwisesubjectsalt: refused(
    isEmpty,
    'is not served; all clients see the same sub, so expected nothing',
  ),
  updateaccesstokenclaimsonrefresh: ignored(isNot, 'is ignored; expected false'),
  initiateloginuri: ignored(isEmpty, 'is ignored; nothing here begins a login at a client'),
  usercodetype: ofDeviceFlow,
  devicecodelifetime: ofDeviceFlow,
  cibalifetime: ofCiba,
  pollinginterval: ofCiba,
}

const noProperties = ignored(
  (value) => typeof value === 'object' && value !== null && Object.keys(value).length === 0,
  'is ignored; only clients have properties of their own',
)

const ofResources = { properties: noProperties }

const byKind: Readonly<Record<string, Readonly<Record<string, Unsupported>>>> = {
  Client: ofClients,
  ApiScope: ofResources,
  ApiResource: ofResources,
  IdentityResource: ofResources,
}

/**
 * What comes of a property of Duende IdentityServer that this token service does not have.
 *
 * @param kind `Client`, `ApiScope`, …
 * @param name in any case
 * @returns undefined when the original does not have it either
 */
export function unsupportedProperty(kind: string, name: string): Unsupported | undefined {
  const properties = byKind[kind] ?? {}
  const key = name.toLowerCase()
  return Object.hasOwn(properties, key) ? properties[key] : undefined
}
