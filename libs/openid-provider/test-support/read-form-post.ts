import assert from 'node:assert/strict'

const entities: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"' }

/** What a browser would post from a page with one form, and where to. Fails when markup got in. */
export function readFormPost(html: string): { action: string; fields: Record<string, string> } {
  // A browser reads the page's own line breaks as line feeds; character references stay as they are.
  const page = html.replace(/\r\n?/g, '\n')
  const [, action] = /<form method="post" action="([^"]*)">/.exec(page) ?? []
  assert.ok(action !== undefined, 'the page has no form')
  const inputs = [...page.matchAll(/<input ([^>]*)>/g)].map(([, attributes = '']) => {
    const [, name, value] =
      /^type="hidden" name="([^"<]*)" value="([^"<]*)"$/.exec(attributes) ?? []
    assert.ok(name !== undefined && value !== undefined, `not a field: ${attributes}`)
    return [decode(name), decode(value)] as const
  })
  return { action: decode(action), fields: Object.fromEntries(inputs) }
}

function decode(text: string): string {
  return text.replace(/&(?:#(\d+)|(\w+));/g, (_all, number?: string, name = '') =>
    number === undefined ? (entities[name] ?? '') : String.fromCodePoint(Number(number)),
  )
}
