/** What a parser somewhere on the way may drop, decode, fold or take for something else. */
const inserted = [
  ...[
    '\t',
    '\n',
    '\r',
    '\0',
    ' ',
    '\\',
    '/',
    '//',
    '.',
    '..',
    '/../',
    '@',
    ':',
    '#',
    '?',
    '&',
    ';',
  ],
  ...['%', '%00', '%09', '%0a', '%0d%0a', '%20', '%23', '%2e', '%2e%2e%2f', '%2f', '%3f', '%40'],
  ...['%5c', '%252f', '%255c', '%c0%af', '*', '\u00ad', '\u200b', '\u202e', '\u2044', '\u3002'],
  ...['\uff0e', '\uff0f', '\uff20', '\uff3c'],
]

/** Letters that look alike, or that case folding and normalisation make equal. */
const lookAlikes: Record<string, readonly string[]> = {
  a: ['\u0430', '\uff41', '\u00e0', '%61', '%2561'],
  c: ['\u0441', '\uff43', '%63'],
  e: ['\u0435', '\uff45', '%65'],
  i: ['\u0131', '\u0130', '\u0456'],
  k: ['\u212a'],
  l: ['1', 'I', '\u2113'],
  p: ['\u0440', '\uff50'],
  s: ['\u017f', '\u0455'],
  t: ['\uff54', '%74'],
  x: ['\u0445'],
  '/': ['\\', '\u2215', '\u29f8', '%2F'],
  '.': ['\u3002', '\uff0e', '\uff61', '%2E'],
  ':': ['\uff1a', '\u2236', '%3A'],
}

/** The loopback interface, and this host, by names that are not registered. */
const hosts = [
  ...['localhost', 'localhost.', 'LOCALHOST', '127.1', '127.0.1', '127.0.0.2', '127.0.0.1.'],
  ...['127.0.0.01', '127.00.0.1', '0x7f.1', '0x7f.0.0.1', '0x7f000001', '0177.0.0.1', '2130706433'],
  ...['0', '0.0.0.0', '[::1]', '[0:0:0:0:0:0:0:1]', '[::ffff:127.0.0.1]', '[::]', '[::1%25lo]'],
  ...[
    '127.0.0.1.evil.example',
    'evil.example',
    'app.example',
    'app.example.',
    'app.example.evil.example',
  ],
  ...[
    'evil.example%2f@app.example',
    'xn--pp-8ka.example',
    '\u24d0pp.example',
    'app.example\u3002evil',
  ],
]

const userinfo = [
  'evil@',
  'evil:secret@',
  '@',
  ':@',
  'evil.example%40',
  'evil.example\\@',
  'app.example@',
]
const ports = [
  ':',
  ':0',
  ':00',
  ':080',
  ':80',
  ':443',
  ':8443',
  ':65536',
  ':99999',
  ':1e3',
  ':-1',
  ':+1',
  ': 80',
]
const schemes = [
  'http',
  'https',
  'HTTP',
  'ftp',
  'javascript',
  'data',
  'file',
  'ws',
  'blob:https',
  'x',
]
const suffixes = [
  '/',
  '?',
  '#',
  '#x',
  '?x=1',
  '&x=1',
  '/..',
  '/../evil',
  '/%2e%2e',
  ';x',
  '%3fx',
  '\\',
  'x',
]
const prefixes = [
  ' ',
  '\t',
  '\n',
  '\ufeff',
  '//',
  '/',
  'x',
  'https:',
  'https://evil.example/?',
  'view-source:',
]

/** Texts that something which is not quite a comparison might take for `uri`, and that are not. */
export function mutationsOf(uri: string): string[] {
  return different(uri, [...atEveryPlace(uri), ...ofParts(uri), ...ofWhole(uri)])
}

/** Those of them that are not made letter by letter, which are some hundred. */
export function rewritesOf(uri: string): string[] {
  return different(uri, [...ofParts(uri), ...ofWhole(uri)])
}

function different(uri: string, all: readonly string[]): string[] {
  return [...new Set(all)].filter((each) => each !== uri && each !== '')
}

function* atEveryPlace(uri: string): Iterable<string> {
  for (let at = 0; at <= uri.length; at++) {
    const [before, letter = '', after] = [uri.slice(0, at), uri[at], uri.slice(at + 1)]
    for (const text of inserted) yield before + text + letter + after
    yield before + after
    yield before + letter.toUpperCase() + after
    for (const other of lookAlikes[letter] ?? []) yield before + other + after
  }
}

function* ofParts(uri: string): Iterable<string> {
  const [, scheme = '', slashes = '', host = '', port = '', rest = ''] =
    /^([^:]*):(\/\/)?(\[[^\]]*\]|[^:/?]*)(:\d+)?(.*)$/.exec(uri) ?? []
  for (const other of hosts) yield `${scheme}:${slashes}${other}${port}${rest}`
  for (const user of userinfo) yield `${scheme}:${slashes}${user}${host}${port}${rest}`
  for (const other of ports) yield `${scheme}:${slashes}${host}${other}${rest}`
  for (const other of schemes) yield `${other}:${slashes}${host}${port}${rest}`
  for (const other of ['', '/', '///', '\\\\', '/\\', '\\/'])
    yield `${scheme}:${other}${host}${port}${rest}`
  for (const path of ['', '/', '/x', '/cb/x', '/x/../cb', '/./cb', '//cb', '/cb//', '/CB', '/cB'])
    yield `${scheme}:${slashes}${host}${port}${path}`
}

function* ofWhole(uri: string): Iterable<string> {
  for (const suffix of suffixes) yield uri + suffix
  for (const prefix of prefixes) yield prefix + uri
  yield* [uri.toUpperCase(), encodeURI(uri).replaceAll(':', '%3A'), encodeURIComponent(uri)]
  yield* [encodeURIComponent(encodeURIComponent(uri)), `${uri} ${uri}`, `${uri},${uri}`]
  yield* ['https://evil.example', '//evil.example', '/cb', 'cb', '*', 'https://*', 'null', '.']
}
