import { urls } from './urls.ts'

/** A server that scenarios talk to. */
export interface Server {
  readonly name: string
  readonly sentence: string
  readonly url: string
}

/** One lesson: the program of the same name in `apps/`. */
export interface Scenario {
  readonly name: string
  readonly sentence: string
  /** A console scenario runs to its end, a worker until it is stopped, a web one in the browser. */
  readonly kind: 'console' | 'worker' | 'web'
  /** The scenario it is a diff of. */
  readonly parent?: string
  /** The names of the servers it talks to, in the order of the conversation. */
  readonly servers: readonly string[]
  /** Where a web scenario is opened. */
  readonly url?: string
}

/** The servers of this workspace. */
export const servers: readonly Server[] = [
  {
    name: 'identity-server',
    sentence: 'The token service.',
    url: urls.identityServer,
  },
  {
    name: 'simple-api',
    sentence: 'An API that accepts any access token of the token service and echoes its claims.',
    url: urls.simpleApi,
  },
  {
    name: 'resource-api',
    sentence: 'A protected resource with an audience of its own: accepts JWT and reference tokens.',
    url: urls.resourceApi,
  },
]

/** The scenarios of this workspace, in the order to read them in. */
export const scenarios: readonly Scenario[] = [
  {
    name: 'client-credentials',
    sentence: 'A program gets a token with its shared secret and calls an API with it.',
    kind: 'console',
    servers: ['identity-server', 'simple-api'],
  },
  {
    name: 'jwt-client-authentication',
    sentence: 'A program proves who it is with a signed assertion in place of a secret.',
    kind: 'console',
    parent: 'client-credentials',
    servers: ['identity-server', 'simple-api'],
  },
  {
    name: 'introspection',
    sentence:
      'A program gets a reference token; the API asks the token service what it stands for.',
    kind: 'console',
    parent: 'client-credentials',
    servers: ['identity-server', 'resource-api'],
  },
  {
    name: 'worker-token-management',
    sentence: 'A worker calls an API every few seconds with a token that is kept fresh for it.',
    kind: 'worker',
    parent: 'client-credentials',
    servers: ['identity-server', 'simple-api'],
  },
  {
    name: 'mvc-basic',
    sentence:
      'A web application signs a user in with the authorization code flow and calls an API on their behalf.',
    kind: 'web',
    servers: ['identity-server', 'simple-api'],
    url: urls.mvcBasic,
  },
  {
    name: 'mvc-token-management',
    sentence:
      'A web application whose user never sees an expired token: tokens are renewed for it as it calls the API.',
    kind: 'web',
    parent: 'mvc-basic',
    servers: ['identity-server', 'simple-api'],
    url: urls.mvcTokenManagement,
  },
  {
    name: 'mvc-jar-jwt',
    sentence:
      'A web application signs its requests, and proves who it is, with one key pair instead of a secret.',
    kind: 'web',
    parent: 'mvc-token-management',
    servers: ['identity-server', 'simple-api'],
    url: urls.mvcJarJwt,
  },
  {
    name: 'mvc-par',
    sentence:
      'A web application pushes its authorization request ahead, so that the browser carries only a reference.',
    kind: 'web',
    parent: 'mvc-token-management',
    servers: ['identity-server', 'simple-api'],
    url: urls.mvcPar,
  },
  {
    name: 'mvc-back-channel-logout',
    sentence:
      'A web application that the token service signs users out of by itself, without the browser.',
    kind: 'web',
    parent: 'mvc-basic',
    servers: ['identity-server', 'simple-api'],
    url: urls.mvcBackChannelLogout,
  },
  {
    name: 'mvc-hybrid',
    sentence:
      'A web application gets a code and an ID Token at once, in a form: the hybrid flow, which is legacy.',
    kind: 'web',
    parent: 'mvc-basic',
    servers: ['identity-server', 'simple-api'],
    url: urls.mvcHybrid,
  },
  {
    name: 'spa-implicit',
    sentence:
      'A page signs a user in by itself: with the implicit flow, which is legacy, and as it is done now.',
    kind: 'web',
    servers: ['identity-server', 'simple-api'],
    url: urls.spaImplicit,
  },
]
