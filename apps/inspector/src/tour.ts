export interface TourStop {
  /** What to look at in the diagram: goes on after “Watch”. */
  readonly watch: string
  /** What to change. */
  readonly breakIt: string
  /** What one then sees: goes on after “Then”. */
  readonly see: string
}

/** What there is to see in each scenario, by its name. docs/tour.md tells the same. */
export const tour: Readonly<Record<string, TourStop>> = {
  'client-credentials': {
    watch: 'the two calls: the secret goes to the token service alone, the token to the API alone.',
    breakIt: 'run it with CLIENT_SECRET=wrong.',
    see: 'the token service answers 401 invalid_client, and the API is never called.',
  },
  'jwt-client-authentication': {
    watch:
      'client_assertion in place of a secret: open it, and see who signed it and for how long it is good.',
    breakIt: 'run it twice and compare jti and exp of the two assertions.',
    see: 'each is good once and for a minute: a copy of one is worth nothing.',
  },
  introspection: {
    watch:
      'the API turn to the token service in the midst of a request, to ask what the reference token stands for.',
    breakIt: 'stop the token service after the token is issued.',
    see: 'the API cannot tell what the token is worth, and answers 503.',
  },
  'worker-token-management': {
    watch: 'many calls of the API, and a token request only when the token is about to expire.',
    breakIt: 'stop the token service for a minute.',
    see: 'the calls go on with the token at hand, until that has expired.',
  },
  'mvc-basic': {
    watch:
      'the code come by the browser, and the tokens not: those are fetched from program to program, with the code_verifier.',
    breakIt: 'press Back after signing in, so that the browser brings the same code again.',
    see: 'the application asks for no token: its state was good for one answer.',
  },
  'mvc-token-management': {
    watch:
      'a call of the API when the token has less than a minute left: the refresh comes first, with a new token.',
    breakIt: 'take the access away at the page Grants of the token service, then call the API.',
    see: 'the refresh is answered with invalid_grant, and the user has to sign in again.',
  },
  'mvc-jar-jwt': {
    watch:
      'the authorization request: client_id and one signed JWT. Open it: all parameters are inside, and the signature is checked.',
    breakIt: 'change a letter in the middle of request in the address bar.',
    see: 'the token service shows invalid_request_object and sends nobody anywhere.',
  },
  'mvc-par': {
    watch:
      'the request go ahead to /connect/par, with the secret, before the browser is sent with a reference to it.',
    breakIt: 'open the address with request_uri a second time, after signing in.',
    see: 'the token service shows invalid_request_uri: a reference is good once.',
  },
}
