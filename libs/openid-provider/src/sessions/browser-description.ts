/** Browsers by a mark in what they say of themselves; one that poses as another comes before it. */
const browsers = new Map([
  ['Edg', 'Edge'],
  ['OPR/', 'Opera'],
  ['SamsungBrowser/', 'Samsung Internet'],
  ['Firefox/', 'Firefox'],
  ['FxiOS/', 'Firefox'],
  ['CriOS/', 'Chrome'],
  ['Chrome/', 'Chrome'],
  ['Safari/', 'Safari'],
])
const systems = new Map([
  ['iPhone', 'iPhone'],
  ['iPad', 'iPad'],
  ['Android', 'Android'],
  ['Windows', 'Windows'],
  ['Mac OS X', 'macOS'],
  ['CrOS', 'ChromeOS'],
  ['Linux', 'Linux'],
])

/**
 * Names a browser so that its user knows it again, such as `Firefox on Linux`. Of the header nothing is
 * kept but a name from a list here.
 *
 * @returns undefined when nothing in it is known.
 * @see {@link https://www.rfc-editor.org/rfc/rfc9110.html#section-10.1.5 RFC 9110 §10.1.5}
 */
export function describeBrowser(userAgent: string | undefined): string | undefined {
  const [browser, system] = [browsers, systems].map((names) =>
    [...names].find(([mark]) => userAgent?.includes(mark)),
  )
  const known = [browser, system].flatMap((each) => each?.[1] ?? [])
  return known.length === 0 ? undefined : known.join(' on ')
}
