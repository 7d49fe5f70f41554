import fc from 'fast-check'

/** A value, once it is known which are good. */
export type HostileValue = (good: readonly string[]) => string

/** Good values in the wrong place, good values with one character wrong, and all that parsers are known to trip over. */
export function hostileValues(): fc.Arbitrary<HostileValue> {
  return fc.oneof(
    goodValues,
    fc.tuple(goodValues, fc.nat(), fc.string({ unit: 'binary', maxLength: 1 })).map(
      ([choose, n, other]): HostileValue =>
        (good) =>
          replaceCharacter(choose(good), n, other),
    ),
    ...[
      fc.constantFrom(...oddities),
      fc.string({ unit: 'binary', maxLength: 40 }),
      fc.webUrl({ withFragments: true, withQueryParameters: true }),
      fc.json({ maxDepth: 3 }),
      fc
        .tuple(fc.constantFrom(...units), fc.constantFrom(...lengths))
        .map(([unit, length]) => unit.repeat(Math.ceil(length / unit.length))),
    ].map((texts) =>
      texts.map(
        (text): HostileValue =>
          () =>
            text,
      ),
    ),
  )
}

/** One of those that are good. */
export const goodValues: fc.Arbitrary<HostileValue> = fc
  .nat()
  .map((n) => (good) => good[n % good.length] ?? '')

function replaceCharacter(text: string, n: number, other: string): string {
  const index = text.length === 0 ? 0 : n % text.length
  return text.slice(0, index) + other + text.slice(index + 1)
}

const oddities = [
  '',
  ' ',
  '0',
  '-1',
  '1e400',
  'NaN',
  'null',
  'true',
  '__proto__',
  'constructor',
  'toString',
  '\r\nSet-Cookie: a=b',
  '\u0000',
  '\ud800',
  '\u202e',
  '../../etc/passwd',
  '//evil.example',
  'javascript:alert(1)',
  'http://[::1',
  'https://user@evil.example',
  'http://%',
  '{',
  '[]',
  '"',
  'eyJhbGciOiJub25lIn0.e30.',
  'a.b.c',
  '..',
  'Basic',
  'Basic =',
  'Bearer',
  'Basic Og==',
  'Digest a="b"',
  "' OR 1=1 --",
  '<script>',
  '%2',
  '+',
  'code id_token token',
  'none login',
  '9'.repeat(400),
]
const units = ['a', ' ', '.', '{"a":', '%', 'ü', '\u0000']
const lengths = [101, 2_001, 10_000, 51_201, 65_537, 90_000]
