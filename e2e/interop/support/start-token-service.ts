import type { TestContext } from 'node:test'

import {
  type Client,
  IdentityResources,
  inMemoryClients,
  inMemoryResources,
  type KeyStore,
  type OpenidProvider,
  openidProvider,
  openKeyRing,
  type ProviderOptions,
  type Resources,
  sha256,
  sharedSecret,
} from '@basics/openid-provider'
import express, { Router } from 'express'

import { listening } from './listening.ts'

export const resources: Resources = {
  identityResources: [IdentityResources.openid, IdentityResources.profile],
  apiScopes: [{ name: 'scope1' }, { name: 'scope2' }],
  apiResources: [
    { name: 'resource1', scopes: ['scope1'] },
    { name: 'urn:resource2', scopes: ['scope2'], requireResourceIndicator: true },
    {
      name: 'urn:resource3',
      scopes: ['scope2'],
      requireResourceIndicator: true,
      apiSecrets: [sharedSecret(sha256('api-secret'))],
    },
  ],
}

const alice = { sub: 'alice', claims: { name: 'Alice Smith', website: 'http://alice.example.com' } }

/** Making an RSA key takes longer than most tests, so all token services have the same. */
const keys = await openKeyRing({ store: memoryKeys() })

/**
 * Our token service with the given clients, on a free port. Its pages answer themselves: everyone is
 * alice, and is not asked.
 *
 * @returns its issuer
 */
export async function startTokenService(
  t: TestContext,
  clients: readonly Client[],
  options: Partial<ProviderOptions> = {},
): Promise<string> {
  const { server, url: issuer } = await listening(t)
  const provider = openidProvider({
    issuer,
    clients: inMemoryClients(clients),
    resources: inMemoryResources(resources),
    users: { findUserBySub: (sub) => (sub === alice.sub ? alice : undefined) },
    keys,
    options,
  })
  t.after(provider.close)
  server.on('request', express().use(provider.routes, pages(provider)))
  return issuer
}

function pages({ interaction }: OpenidProvider): Router {
  const router = Router()
  router.get('/account/login', async (req, res) => {
    await interaction.signIn(req, res, { sub: alice.sub })
    res.redirect(303, String(req.query.returnUrl))
  })
  router.get('/account/logout', async (req, res) => {
    const logoutId = req.query.logoutId as string | undefined
    const { postLogoutRedirectUri } = await interaction.getLogoutContext(req, logoutId)
    await interaction.signOut(req, res, logoutId)
    res.redirect(303, postLogoutRedirectUri ?? '/')
  })
  router.get('/error', async (req, res) => {
    const problem = await interaction.getErrorContext(String(req.query.errorId))
    res.status(400).json(problem)
  })
  return router
}

function memoryKeys(): KeyStore {
  const stored: Parameters<KeyStore['add']>[0][] = []
  return {
    load: async () => stored,
    async add(key) {
      stored.push(key)
      return true
    },
    async remove(key) {
      stored.splice(stored.indexOf(key), 1)
    },
  }
}
