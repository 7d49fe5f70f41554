import fc from 'fast-check'

/** Good values in the wrong place, good values with one character wrong, and all that parsers are known to trip over. */
export function hostileValues(good: readonly string[]): fc.Arbitrary<string> {
  const known = fc.constantFrom(...good)
  return fc.oneof(
    known,
    fc
      .tuple(known, fc.nat(), fc.string({ unit: 'binary', maxLength: 1 }))
      .map(([value, n, with_]) => {
        const index = value.length === 0 ? 0 : n % value.length
        return value.slice(0, index) + with_ + value.slice(index + 1)
      }),
    fc.constantFrom(...oddities),
    fc.string({ unit: 'binary', maxLength: 40 }),
    fc.webUrl({ withFragments: true, withQueryParameters: true }),
    fc.json({ maxDepth: 3 }),
    fc
      .tuple(
        fc.constantFrom('a', ' ', '.', '{"a":', '%', 'ü', '\u0000'),
        fc.constantFrom(...lengths),
      )
      .map(([unit, length]) => unit.repeat(Math.ceil(length / unit.length))),
  )
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
const lengths = [101, 2_001, 10_000, 51_201, 65_537, 90_000]
