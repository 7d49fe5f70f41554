import type { FormParameters } from '@basics/protocol'

import type { Provider } from '../configuration.ts'
import type { RegisteredClient } from '../model/client.ts'
import type { ApiResource } from '../model/resources.ts'

/** What a grant has proven: all that token issuance needs, and nothing of how it was proven. */
export interface AuthorizedGrant {
  readonly client: RegisteredClient
  readonly scope: readonly string[]
  /** The APIs that the access token is for. */
  readonly apis: readonly ApiResource[]
}

/** Checks what the parameters claim was granted to the client. */
export type Grant = (
  parameters: FormParameters,
  client: RegisteredClient,
  provider: Provider,
) => Promise<AuthorizedGrant>
