export interface TourStop {
  /** What to look at in the diagram: goes on after “Watch”. Code is between backticks, here as below. */
  readonly watch: string
  /** What to do or to change: goes on after “Break it:”. */
  readonly breakIt: string
  /** What one then sees: goes on after “Then”. */
  readonly see: string
}

/** What there is to see in each scenario, by its name. docs/tour.md says the same. */
export const tour: Readonly<Record<string, TourStop>> = {
  'client-credentials': {
    watch: 'how the secret goes to the token service alone, and the token to the API alone.',
    breakIt: 'run it with `CLIENT_SECRET=wrong`.',
    see: 'the token service answers 401 with `error=invalid_client`, and the API is never called.',
  },
  'jwt-client-authentication': {
    watch:
      '`client_assertion`, which stands in place of a secret: open it, and see whose key signed it and when it expires.',
    breakIt: "add `header.typ = 'at+jwt'` after the line in `main.ts` that sets it.",
    see: 'the token service answers 401: a JWT made for something else does not pass for an assertion.',
  },
  introspection: {
    watch:
      'how the API, in the midst of a request, asks the token service what the token stands for.',
    breakIt: 'run it with `SCOPE=scope1`, which belongs to no API.',
    see: 'there is a token, but the API is told `active=false`, and answers 401.',
  },
  'worker-token-management': {
    watch: 'many calls of the API, and a token request only when the token grows old.',
    breakIt:
      'stop the token service, and start it again after two minutes. For this, in place of `npm start`, run each in a terminal of its own: first `npx nx serve inspector`, then `npx nx serve identity-server -c inspect`, `npx nx serve simple-api -c inspect` and `npx nx serve worker-token-management -c inspect --excludeTaskDependencies`.',
    see: 'the calls go on with the token that is left, until it has expired, and recover by themselves.',
  },
  'mvc-basic': {
    watch:
      'what comes by the browser, a code, and what does not: the tokens, for which the application shows its `code_verifier`.',
    breakIt:
      'sign in, choose the arrow `GET /signin-oidc`, copy its address, and open it in the same browser.',
    see: 'the application answers by itself and redeems nothing: that sign-in has been completed before.',
  },
  'mvc-token-management': {
    watch: 'a call of the API with a token that is about to expire: the refresh comes first.',
    breakIt:
      'take the access back at the page Grants of the token service, and call the API after 40 s.',
    see: 'the refresh is answered with `error=invalid_grant`, and the session has ended.',
  },
  'mvc-jar-jwt': {
    watch:
      'the authorization request, `client_id` and one JWT: open it, and find all parameters inside, under a signature.',
    breakIt:
      'copy the address of the arrow `GET /connect/authorize`, change a letter in the middle of `request`, and open it.',
    see: 'the token service says `invalid_request_object`, and sends the browser nowhere.',
  },
  'mvc-par': {
    watch:
      'the request go ahead to `/connect/par` with the secret, before the browser is sent off with a mere reference.',
    breakIt:
      'sign in, choose the arrow `GET /connect/authorize`, copy its address, and open it in the same browser.',
    see: 'the token service says `invalid_request_uri`: a reference is used once.',
  },
  'mvc-back-channel-logout': {
    watch:
      'signing out: the token service itself calls the application, with a `logout_token`, past the browser.',
    breakIt:
      'copy `logout_token` from that arrow, and post it once more: `curl -d logout_token=… http://localhost:44304/backchannel-logout`',
    see: 'the application answers 400: the logout token was used before, as its `jti` tells.',
  },
  'mvc-hybrid': {
    watch:
      'the `id_token` arrive together with the code, in a form that the browser posts: `c_hash` ties the two. With mvc-basic the browser brings the code alone.',
    breakIt:
      'open `http://localhost:44305/signin-oidc?code=a&state=b`, which is how the code flow answers.',
    see: 'the application answers 400 and redeems nothing: it waits for a form.',
  },
  'spa-implicit': {
    watch:
      'the `access_token` in the redirect to `/implicit`, and no call to the token endpoint at all; then `/code`, where the page redeems a code itself.',
    breakIt: 'open `http://localhost:44306/implicit#state=a&access_token=b`.',
    see: 'the page refuses what its tab has not asked for. The arrow is a mere `GET /implicit`: a fragment never leaves the browser.',
  },
}
