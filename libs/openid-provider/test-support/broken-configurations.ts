import { sha256 } from '../src/index.ts'

export const machine = {
  ClientId: 'm2m',
  ClientSecrets: [{ Value: sha256('secret') }],
  AllowedGrantTypes: ['client_credentials'],
}

const web = {
  ClientId: 'web',
  ClientSecrets: [{ Value: sha256('secret') }],
  AllowedGrantTypes: ['authorization_code'],
  RedirectUris: ['https://app.example/cb'],
}

const client = (base: object, changes: object) => ({ Clients: [{ ...base, ...changes }] })
const secret = (changes: object) => client(machine, { ClientSecrets: [changes] })

/** What is in the section `IdentityServer`, and all that is said about it. */
export const brokenConfigurations: readonly (readonly [
  name: string,
  section: unknown,
  ...said: string[],
])[] = [
  [
    'a section that is a list',
    [],
    'configuration: IdentityServer is a list; expected an object such as {"Clients": []}',
  ],
  [
    'an issuer that is no URL',
    { IssuerUri: 'urn:sso.company.com' },
    "IdentityServer: IssuerUri is 'urn:sso.company.com'; expected an http(s) URL without query, fragment, user name and trailing slash, such as 'https://login.example'",
  ],
  [
    'an issuer that is a number',
    { IssuerUri: 5001 },
    'IdentityServer: IssuerUri is no text; expected the URL of the issuer',
  ],
  [
    'clients that are no list',
    { Clients: machine },
    'IdentityServer: Clients is an object; expected a list',
  ],
  [
    'a client that is a text',
    { Clients: ['m2m'] },
    `client: Clients[0] is 'm2m'; expected an object such as {"ClientId": "…"}`,
  ],
  [
    'no client id',
    client(machine, { ClientId: null }),
    'client: Clients[0].ClientId is missing; expected a text',
  ],
  [
    'a client id that is a number',
    client(machine, { ClientId: 7 }),
    'client: Clients[0].ClientId is 7; expected a text',
  ],
  [
    'a client id with a line break',
    client(machine, { ClientId: 'a\nb' }),
    'client a b: Clients[0].ClientId is not a text of 1 to 100 printable ASCII characters',
  ],
  [
    'a client id twice',
    { Clients: [machine, { ...web, clientid: 'm2m', ClientId: undefined }] },
    "client m2m: Clients[1].clientid is 'm2m', as of Clients[0]; expected an id of its own",
  ],
  [
    'no grant type',
    { Clients: [{ ClientId: 'a' }] },
    'client a: Clients[0].AllowedGrantTypes is missing; expected a list of texts, such as ["one", "two"]',
  ],
  [
    'an empty list of grant types',
    client(machine, { AllowedGrantTypes: [] }),
    'client m2m: Clients[0].AllowedGrantTypes is empty; name at least one, such as "client_credentials"',
  ],
  [
    'a grant type that is not in a list',
    client(machine, { AllowedGrantTypes: 'client_credentials' }),
    `client m2m: Clients[0].AllowedGrantTypes is 'client_credentials'; expected a list of texts, such as ["one", "two"]`,
  ],
  [
    'grant types that must not be combined',
    client(web, { AllowedGrantTypes: ['authorization_code', 'implicit'] }),
    'client web: Clients[0].AllowedGrantTypes has authorization_code and implicit; choose one of them',
  ],
  [
    'a grant type twice',
    client(machine, { AllowedGrantTypes: ['client_credentials', 'client_credentials'] }),
    "client m2m: Clients[0].AllowedGrantTypes[1] is 'client_credentials' a second time",
  ],
  [
    'the password grant',
    client(machine, { AllowedGrantTypes: ['password'] }),
    `client m2m: Clients[0].AllowedGrantTypes[0] is 'password', which shows the password to the client and is not there; use "authorization_code"`,
  ],
  [
    'no secret',
    client(machine, { ClientSecrets: [] }),
    'client m2m: Clients[0].ClientSecrets is empty, and client_credentials needs a secret or a key',
  ],
  [
    'no secret of a web application',
    client(web, { ClientSecrets: undefined }),
    'client web: Clients[0].ClientSecrets is empty; add one, or set RequireClientSecret: false',
  ],
  [
    'a secret that nobody hashed',
    secret({ Value: 'my secret' }),
    'client m2m: Clients[0].ClientSecrets[0] is not the base64 of a SHA-256 or SHA-512; register the hash, not the secret',
  ],
  [
    'a secret that is a number',
    secret({ Value: 4711 }),
    'client m2m: Clients[0].ClientSecrets[0].Value is a number; expected the base64 of the hash of a secret, or a public key',
  ],
  [
    'a secret without a value',
    secret({ Type: 'SharedSecret' }),
    'client m2m: Clients[0].ClientSecrets[0].Value is missing; expected the base64 of the hash of a secret, or a public key',
  ],
  [
    'a secret of mutual TLS',
    secret({ Type: 'X509Thumbprint', Value: 'AB12' }),
    'client m2m: Clients[0].ClientSecrets[0].Type is a text; expected one of SharedSecret, JWK, JsonWebKey, JsonWebKeyFile, X509CertificateBase64',
  ],
  [
    'a private key',
    secret({ Type: 'JWK', Value: '{"kty":"EC","crv":"P-256","x":"a","y":"b","d":"c"}' }),
    'client m2m: Clients[0].ClientSecrets[0] holds a private key; register its public half alone',
  ],
  [
    'a certificate that is none',
    secret({ Type: 'x509CertificateBase64', Value: 'AAAA' }),
    'client m2m: Clients[0].ClientSecrets[0] is not the base64 of a DER certificate',
  ],
  [
    'a day that does not exist',
    secret({ Value: sha256('secret'), Expiration: '2030-02-30' }),
    `client m2m: Clients[0].ClientSecrets[0].Expiration is a text; expected a time such as "2030-01-31T12:00:00Z"`,
  ],
  [
    'a secret that is no object',
    client(machine, { ClientSecrets: [sha256('secret')] }),
    `client m2m: Clients[0].ClientSecrets[0] is a text; expected an object such as {"Value": "…"}`,
  ],
  [
    'a secret that is where its type belongs',
    secret({ Type: 'hunter2', Value: sha256('secret') }),
    'client m2m: Clients[0].ClientSecrets[0].Type is a text; expected one of SharedSecret, JWK, JsonWebKey, JsonWebKeyFile, X509CertificateBase64',
  ],
  [
    'a type of a secret by number, which .NET does not have',
    secret({ Type: 0, Value: sha256('secret') }),
    'client m2m: Clients[0].ClientSecrets[0].Type is a number; expected one of SharedSecret, JWK, JsonWebKey, JsonWebKeyFile, X509CertificateBase64',
  ],
  [
    'a type of a secret by number, as a text',
    secret({ Type: '0', Value: sha256('secret') }),
    'client m2m: Clients[0].ClientSecrets[0].Type is a text; expected one of SharedSecret, JWK, JsonWebKey, JsonWebKeyFile, X509CertificateBase64',
  ],
  [
    'a secret that is where a description belongs',
    secret({ Value: sha256('secret'), Description: 4711 }),
    'client m2m: Clients[0].ClientSecrets[0].Description is a number; expected a text',
  ],
  [
    'a secret in place of the path of a key',
    secret({ Type: 'JsonWebKeyFile', Value: 'hunter2' }),
    'client m2m: Clients[0].ClientSecrets[0] is not the absolute path of a file',
  ],
  [
    'a secret inside a key',
    secret({ Type: 'JWK', Value: '{"kty":"hunter2"}' }),
    'client m2m: Clients[0].ClientSecrets[0] has another kty than RSA, EC and OKP; only public keys can be registered',
  ],
  [
    'secrets that are no list',
    client(machine, { ClientSecrets: 'my secret' }),
    'client m2m: Clients[0].ClientSecrets is a text; expected a list of secrets',
  ],
  [
    'an origin with a path',
    client(web, { AllowedCorsOrigins: ['https://app.example', 'https://app.example/'] }),
    "client web: Clients[0].AllowedCorsOrigins[1] is 'https://app.example/'; an origin is http or https, host and port alone, such as 'https://app.example'",
  ],
  [
    'an origin with a wildcard',
    client(web, { AllowedCorsOrigins: ['https://*.app.example'] }),
    "client web: Clients[0].AllowedCorsOrigins[0] is 'https://*.app.example'; * is no wildcard, so register each one that is used",
  ],
  [
    'hosts with a wildcard',
    client(web, {
      RedirectUris: ['https://*.app.example/cb'],
      PostLogoutRedirectUris: ['https://*/bye'],
    }),
    "client web: Clients[0].RedirectUris[0] is 'https://*.app.example/cb'; * is no wildcard, so register each one that is used",
    "client web: Clients[0].PostLogoutRedirectUris[0] is 'https://*/bye'; * is no wildcard, so register each one that is used",
  ],
  [
    'an origin that is not of the web',
    client(web, { AllowedCorsOrigins: ['javascript://a'] }),
    "client web: Clients[0].AllowedCorsOrigins[0] is 'javascript://a'; an origin is http or https, host and port alone, such as 'https://app.example'",
  ],
  [
    'a home page that runs a script',
    client(web, { ClientUri: 'javascript:alert(1)' }),
    "client web: Clients[0].ClientUri is 'javascript:alert(1)'; expected an http or https URL",
  ],
  [
    'a logo that is none',
    client(web, { LogoUri: 'nope' }),
    "client web: Clients[0].LogoUri is 'nope'; expected an http or https URL, or a data: URL of an image",
  ],
  [
    'a redirect URI twice',
    client(web, { RedirectUris: ['https://a.example/', 'https://a.example/'] }),
    "client web: Clients[0].RedirectUris[1] is 'https://a.example/' a second time",
  ],
  [
    'a redirect URI without a scheme',
    client(web, { redirecturis: ['/cb'], RedirectUris: undefined }),
    "client web: Clients[0].redirecturis[0] is '/cb', not an absolute URI such as 'https://app.example/x'",
  ],
  [
    'a redirect URI that runs a script',
    client(web, { RedirectUris: ['javascript:alert(1)'] }),
    "client web: Clients[0].RedirectUris[0] is 'javascript:alert(1)'; the scheme javascript: is not allowed",
  ],
  [
    'no redirect URI',
    client(web, { RedirectUris: [] }),
    'client web: Clients[0].RedirectUris is empty, and the grant types need somewhere to redirect to',
  ],
  [
    'a redirect URI that is null',
    client(web, { RedirectUris: [null] }),
    'client web: Clients[0].RedirectUris[0] is null; expected a text',
  ],
  [
    'a logout URI with a fragment',
    client(web, { FrontChannelLogoutUri: 'https://app.example/out#x' }),
    "client web: Clients[0].FrontChannelLogoutUri is 'https://app.example/out#x'; it must have no fragment",
  ],
  [
    'a scope with a space',
    client(machine, { AllowedScopes: ['one two'] }),
    "client m2m: Clients[0].AllowedScopes[0] is 'one two'; a scope has no spaces, quotes or backslashes",
  ],
  [
    'offline_access as a scope',
    client(machine, { AllowedScopes: ['offline_access'] }),
    "client m2m: Clients[0].AllowedScopes[0] is 'offline_access'; set AllowOfflineAccess: true instead",
  ],
  [
    'neither true nor false',
    client(web, { RequirePkce: 'maybe' }),
    "client web: Clients[0].RequirePkce is 'maybe'; expected true or false",
  ],
  [
    'a public client without PKCE',
    client(web, { RequireClientSecret: false, RequirePkce: false }),
    'client web: Clients[0].RequirePkce is false; a public client needs PKCE',
  ],
  [
    'a lifetime in words',
    client(machine, { AccessTokenLifetime: '1 h' }),
    "client m2m: Clients[0].AccessTokenLifetime is '1 h'; expected a whole number of seconds",
  ],
  [
    'a lifetime of nothing',
    client(machine, { AccessTokenLifetime: 0 }),
    'client m2m: Clients[0].AccessTokenLifetime is 0; it is a positive whole number of seconds',
  ],
  [
    'a lifetime beyond all dates',
    client(machine, { AccessTokenLifetime: Number.MAX_SAFE_INTEGER }),
    'client m2m: Clients[0].AccessTokenLifetime is 9007199254740991; it is at most 3155760000 seconds, 100 years',
  ],
  [
    'a lifetime beyond all whole numbers',
    client(machine, { AccessTokenLifetime: 1e300 }),
    'client m2m: Clients[0].AccessTokenLifetime is 1e+300; expected a whole number of seconds',
  ],
  [
    'a lifetime of one and a half',
    client(machine, { AccessTokenLifetime: 1.5 }),
    'client m2m: Clients[0].AccessTokenLifetime is 1.5; expected a whole number of seconds',
  ],
  [
    'an enumeration without this name',
    client(machine, { AccessTokenType: 'Opaque' }),
    "client m2m: Clients[0].AccessTokenType is 'Opaque'; expected one of Jwt, Reference",
  ],
  [
    'an enumeration without this number',
    client(machine, { RefreshTokenUsage: 2 }),
    'client m2m: Clients[0].RefreshTokenUsage is 2; expected one of ReUse, OneTimeOnly',
  ],
  [
    'a dictionary that is a list',
    client(machine, { Properties: ['a'] }),
    'client m2m: Clients[0].Properties is a list; expected an object of texts, such as {"key": "value"}',
  ],
  [
    'an entry of a dictionary that is no text, by the name it has',
    client(machine, { Properties: { hunter: {} } }),
    'client m2m: Clients[0].Properties.hunter is an object; expected a text',
  ],
  [
    'a claim without a type',
    client(machine, { Claims: [{ Value: 'x' }] }),
    'client m2m: Clients[0].Claims[0].Type is missing; expected a text',
  ],
  [
    'a claim whose type is empty',
    client(machine, { Claims: [{ Type: '', Value: 'x' }] }),
    'client m2m: Clients[0].Claims[0].Type is empty; it is the name of the claim',
  ],
  ...(
    [
      ['integer', 'abc', "is 'abc'; expected a whole number"],
      ['integer', '', "is ''; expected a whole number"],
      ['integer64', '9007199254740993', "is '9007199254740993'; expected a whole number"],
      ['integer32', '1.5', "is '1.5'; expected a whole number"],
      ['double', '1,5', "is '1,5'; expected a number"],
      ['double', ' ', "is ' '; expected a number"],
      ['boolean', 'maybe', "is 'maybe'; expected true or false"],
    ] as const
  ).map(
    ([type, Value, said]) =>
      [
        `a claim '${Value}' that is to be ${type}`,
        client(machine, {
          Claims: [{ Type: 't', Value, ValueType: `http://www.w3.org/2001/XMLSchema#${type}` }],
        }),
        `client m2m: Clients[0].Claims[0].Value ${said}, as ValueType says`,
      ] as const,
  ),
  [
    'a grant that is misspelled, and no other',
    client(machine, { AllowedGrantTypes: ['ClientCredentials'] }),
    "client m2m: Clients[0].AllowedGrantTypes[0] is 'ClientCredentials', a grant that is not served here; is client_credentials meant?",
  ],
  [
    'grants by the names that code has for them',
    client(machine, {
      AllowedGrantTypes: [
        'code',
        'GrantTypes.ClientCredentials',
        'GrantTypes.CodeAndClientCredentials',
      ],
    }),
    "client m2m: Clients[0].AllowedGrantTypes[0] is 'code', a grant that is not served here; is authorization_code meant?",
    "client m2m: Clients[0].AllowedGrantTypes[1] is 'GrantTypes.ClientCredentials', a grant that is not served here; is client_credentials meant?",
    "client m2m: Clients[0].AllowedGrantTypes[2] is 'GrantTypes.CodeAndClientCredentials', a grant that is not served here; are authorization_code and client_credentials meant?",
  ],
  [
    'no grant that is served',
    client(web, { AllowedGrantTypes: ['urn:ietf:params:oauth:grant-type:device_code', 'ciba'] }),
    "client web: Clients[0].AllowedGrantTypes[0] is 'urn:ietf:params:oauth:grant-type:device_code', a grant that is not served here; expected one of authorization_code, client_credentials, hybrid, implicit, refresh_token",
    "client web: Clients[0].AllowedGrantTypes[1] is 'ciba', a grant that is not served here; expected one of authorization_code, client_credentials, hybrid, implicit, refresh_token",
  ],
  [
    'plain PKCE',
    client(web, { AllowPlainTextPkce: true }),
    'client web: Clients[0].AllowPlainTextPkce is not served; S256 is the only code_challenge_method, so expected false',
  ],
  [
    'DPoP',
    client(machine, { RequireDPoP: true }),
    'client m2m: Clients[0].RequireDPoP is not served; access tokens are bearer tokens, so expected false',
  ],
  [
    'a login that is not local',
    client(web, { EnableLocalLogin: 'False' }),
    'client web: Clients[0].EnableLocalLogin is not served; local login is the only one, so expected true',
  ],
  [
    'an API scope without a name',
    { ApiScopes: [{ DisplayName: 'A' }] },
    'API scope: ApiScopes[0].Name is missing; expected a text',
  ],
  [
    'an API scope that is a text',
    { ApiScopes: ['scope1'] },
    `API scope: ApiScopes[0] is 'scope1'; expected an object such as {"Name": "…"}`,
  ],
  [
    'a name for a scope and an identity resource',
    { ApiScopes: [{ Name: 'a' }], IdentityResources: [{ Name: 'a', UserClaims: ['b'] }] },
    'API scope a: ApiScopes[0].Name is used a second time',
  ],
  [
    'an API with a scope that is none',
    { ApiResources: [{ Name: 'api', Scopes: ['nope'] }] },
    "API resource api: ApiResources[0].Scopes[0] is 'nope', which is no API scope",
  ],
  [
    'an API whose secret nobody hashed',
    { ApiResources: [{ Name: 'api', ApiSecrets: [{ Value: 'my secret' }] }] },
    'API resource api: ApiResources[0].ApiSecrets[0] is not the base64 of a SHA-256 or SHA-512; register the hash, not the secret',
  ],
  [
    'an API that takes no signature made here',
    { ApiResources: [{ Name: 'api', AllowedAccessTokenSigningAlgorithms: ['ES256', 'none'] }] },
    "API resource api: ApiResources[0].AllowedAccessTokenSigningAlgorithms[1] is 'none'; expected one of RS256, PS256, ES256, ES384",
  ],
  [
    'an identity resource without claims',
    { IdentityResources: [{ Name: 'a' }] },
    'identity resource a: IdentityResources[0].UserClaims is missing; expected a list of texts, such as ["one", "two"]',
  ],
  [
    'several mistakes at once',
    {
      Clients: [
        { ...web, RequirePkce: 'x', AllowedCorsOrigins: ['*'] },
        { ...machine, AccessTokenLifetime: -1 },
      ],
      ApiScopes: [{ Name: 'a b' }],
    },
    'API scope a b: ApiScopes[0].Name has a space, a quote, a backslash or nothing in it',
    "client web: Clients[0].RequirePkce is 'x'; expected true or false",
    "client web: Clients[0].AllowedCorsOrigins[0] is '*'; * is no wildcard, so register each one that is used",
    'client m2m: Clients[1].AccessTokenLifetime is -1; it is a positive whole number of seconds',
  ],
]
