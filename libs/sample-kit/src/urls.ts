import { readUrl } from './environment.ts'
import { refuseToStart } from './refuse-to-start.ts'

/** One port for every app, so that all of them can run at once. */
const ports = {
  identityServer: 5001,
  simpleApi: 5002,
  resourceApi: 5003,
  inspector: 5010,
  mvcBasic: 44300,
  mvcTokenManagement: 44301,
  mvcJarJwt: 44302,
  mvcPar: 44303,
  mvcBackChannelLogout: 44304,
  mvcHybrid: 44305,
  spaImplicit: 44306,
}

type ServerKey = keyof typeof ports

const keys = Object.keys(ports) as ServerKey[]

/**
 * Where each server is reached, without a trailing slash. An environment variable moves it
 * (`SIMPLE_API_URL` for `simpleApi`); a value that is no origin ends the process with a sentence.
 */
export const urls = Object.fromEntries(
  keys.map((key) => [key, readBaseUrl(variable(key), ports[key])]),
) as Readonly<Record<ServerKey, string>>

/**
 * The issuer the samples trust, exactly as it stands in its tokens: `ISSUER`, or the token service of
 * this workspace.
 */
export const issuer: string = readUrl('ISSUER', urls.identityServer)

/** The app that is reached at one of {@link urls}, and the environment variable that moves it. */
export function serverAt(url: string): { app: string; variable: string } | undefined {
  const key = keys.find((candidate) => urls[candidate] === url)
  return key && { app: words(key).join('-').toLowerCase(), variable: variable(key) }
}

function readBaseUrl(name: string, port: number): string {
  const fallback = `http://localhost:${port}`
  const value = readUrl(name, fallback)
  // The routes of every app begin at /: under a path nothing would be where its links say it is.
  if (new URL(value).pathname !== '/')
    refuseToStart(`${name} is "${value}": expected an origin, without a path, like ${fallback}`)
  return value.replace(/\/$/, '')
}

function variable(key: ServerKey): string {
  return `${words(key).join('_').toUpperCase()}_URL`
}

function words(camelCase: string): string[] {
  return camelCase.split(/(?=[A-Z])/)
}
