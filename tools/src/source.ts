/** What stands behind an arrow: a file of the repository, and a function in there. */
export interface Source {
  readonly file: string
  /** Absent for what a `main.ts` does outside of any function. */
  readonly name?: string
}

/** What an app does in its `main.ts`, outside of any function. */
export function main(app: string): Source {
  return { file: `apps/${app}/src/main.ts` }
}

/** A script of the page that spa-implicit serves. */
export function pageScript(path: string, name: string): Source {
  return { file: `apps/spa-implicit/src/browser/${path}`, name }
}

export function provider(path: string, name: string): Source {
  return { file: `libs/openid-provider/src/${path}`, name }
}

export function relyingParty(path: string, name: string): Source {
  return { file: `libs/relying-party/src/${path}`, name }
}

export function tokenManagement(path: string, name: string): Source {
  return { file: `libs/token-management/src/${path}`, name }
}

export function resourceServer(path: string, name: string): Source {
  return { file: `libs/resource-server/src/${path}`, name }
}

/** A page of the token service. */
export function servicePage(path: string, name: string): Source {
  return { file: `apps/identity-server/src/pages/${path}`, name }
}
