import type { Client } from '@basics/openid-provider'

import { clientCredentials } from './client-credentials.ts'
import { introspection } from './introspection.ts'
import { jwtClientAuthentication } from './jwt-client-authentication.ts'
import { mvcBackChannelLogout } from './mvc-back-channel-logout.ts'
import { mvcBasic } from './mvc-basic.ts'
import { mvcHybrid } from './mvc-hybrid.ts'
import { mvcJarJwt } from './mvc-jar-jwt.ts'
import { mvcPar } from './mvc-par.ts'
import { mvcTokenManagement } from './mvc-token-management.ts'
import { spaCode, spaImplicit } from './spa-implicit.ts'
import { workerTokenManagement } from './worker-token-management.ts'

/** One registration per scenario, each in the file that has the scenario's name. */
export const clients: Client[] = [
  clientCredentials,
  jwtClientAuthentication,
  introspection,
  workerTokenManagement,
  mvcBasic,
  mvcTokenManagement,
  mvcJarJwt,
  mvcPar,
  mvcBackChannelLogout,
  mvcHybrid,
  spaImplicit,
  spaCode,
]
