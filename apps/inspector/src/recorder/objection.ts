import { loopbackHosts } from '../loopback-hosts.ts'

/**
 * Why traffic may not be recorded here, if so: it holds secrets, which are for whoever sits at this
 * machine in development and for nobody else.
 *
 * @param url Where the recordings would go.
 */
export function findObjection(url: string): string | undefined {
  if (process.env.NODE_ENV === 'production')
    return 'The recorder shows secrets and does not run with NODE_ENV=production: leave out --import @basics/inspector/record'
  const { protocol, hostname } = URL.parse(url) ?? {}
  if (protocol !== 'http:' || !loopbackHosts.includes(hostname ?? ''))
    return `INSPECTOR_URL is "${url}": expected the http URL of an inspector on this machine, like http://localhost:5010`
  return undefined
}
