/** The address when a browser may be led there: http or https, whatever a registration says. */
export function readWebUrl(uri: string | undefined): string | undefined {
  const url = uri === undefined ? null : URL.parse(uri)
  return url?.protocol === 'https:' || url?.protocol === 'http:' ? url.href : undefined
}
