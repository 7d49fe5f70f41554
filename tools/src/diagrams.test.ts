import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, it } from 'node:test'

import { scenarios } from '@basics/sample-kit'

import { partsCheckedBy, partsMadeBy, partsOfAnswersMadeBy } from './diagram-parts.ts'
import { sentBy } from './diagram-senders.ts'
import { answeredBy, checkedBy, checksInPage } from './diagram-sources.ts'
import { findStaleDiagrams, readTraffic } from './diagrams.ts'
import { listSources } from './list-sources.ts'
import { workspaceRoot } from './projects.ts'
import { readExchanges } from './read-exchanges.ts'
import type { Source } from './source.ts'

const exchanges = scenarios.flatMap(({ name }) => readExchanges(name, readTraffic(name)))
const parts = [...partsMadeBy, ...partsCheckedBy, ...partsOfAnswersMadeBy]

/** What each scenario is about, at both ends. */
const ownFunctions: Readonly<Record<string, readonly string[]>> = {
  'client-credentials': ['clientSecretBasic', 'clientCredentialsGrant', 'issueTokens'],
  'jwt-client-authentication': ['signedAssertion', 'privateKeyJwt'],
  introspection: [
    ...['issueReferenceToken', 'introspectionValidation', 'introspectionEndpoint'],
    'readAccessToken',
  ],
  'worker-token-management': ['ManagedToken', 'fetchWithToken'],
  'mvc-basic': [
    ...['beginSignIn', 'issueAuthorizationResponse', 'completeSignIn', 'authorizationCodeGrant'],
    ...['createRefreshedTokens', 'frontChannelLogout'],
  ],
  'mvc-token-management': ['UserToken', 'requestTokens', 'refreshTokenGrant', 'fetchWithToken'],
  'mvc-jar-jwt': ['signedRequestObject', 'readRequestObject', 'privateKeyJwt'],
  'mvc-par': ['pushedAuthorizationRequest', 'keepPushedRequest', 'takePushedRequest'],
  'mvc-back-channel-logout': [
    ...['signLogoutToken', 'postLogoutToken', 'validateLogoutToken', 'backChannelLogout'],
    'discardTokens',
  ],
  'mvc-hybrid': ['signIdToken', 'formPostPage', 'codeIdTokenByFormPost'],
  'spa-implicit': [
    ...['issueFrontChannelToken', 'validateAuthorizationResponse', 'validateAccessTokenHash'],
    ...['validateIdToken', 'monitorSession', 'requestTokens'],
  ],
}
const senders = exchanges.flatMap(({ sender }) =>
  typeof sender === 'object' && 'file' in sender ? [sender] : [],
)

describe('the diagrams of what happens', () => {
  it("are in each scenario's README as they were recorded (npm run generate)", () => {
    assert.deepEqual([...findStaleDiagrams().keys()], [])
  })

  it('need all that is known of who sends what', () => {
    assert.deepEqual(
      sentBy.filter((sending) => !senders.includes(sending)),
      [],
    )
  })

  it('need all that is known of what makes and checks parts of messages', () => {
    const shown = exchanges.flatMap(({ madeParts, checkedParts, answeredParts }) => [
      ...[...madeParts, ...checkedParts, ...answeredParts],
    ])

    assert.deepEqual(
      parts.filter((part) => !shown.includes(part)),
      [],
    )
  })

  for (const { name } of scenarios)
    it(`name the functions that ${name} is about`, () => {
      const table = listSources(readExchanges(name, readTraffic(name)))
      const functions = ownFunctions[name] ?? []

      assert.notDeepEqual(functions, [])
      assert.deepEqual(
        functions.filter((each) => !table.includes(`: \`${each}\``)),
        [],
      )
    })

  it('name a main.ts where that sends by itself', () => {
    const signs: Readonly<Record<string, string>> = {
      'GET /.well-known/openid-configuration': 'await discovery(',
      'POST /connect/token': 'Grant(',
      'GET /identity': 'fetch(`',
    }
    for (const { file, name, request } of senders)
      if (name === undefined) assert.ok(read(file).includes(signs[request] ?? '?'), request + file)
  })

  const readers = sentBy.flatMap(({ answerReadBy }) => answerReadBy ?? [])
  const known = [checkedBy, checksInPage].flatMap<Source>(Object.values)
  for (const { file, name } of [...sentBy, ...readers, ...known, ...answeredBy, ...parts])
    it(`name what exists: ${name} in ${file}`, () => {
      const declaration = new RegExp(`^(export )?(async )?(function|const|class) ${name}\\b`, 'm')

      assert.match(read(file), name === undefined ? /./ : declaration)
    })
})

function read(file: string): string {
  return readFileSync(join(workspaceRoot, file), 'utf8')
}
