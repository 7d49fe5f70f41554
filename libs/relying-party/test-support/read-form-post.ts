const entities: Readonly<Record<string, string>> = {
  '&amp;': '&',
  '&lt;': '<',
  '&gt;': '>',
  '&quot;': '"',
  '&#39;': "'",
}

/** The form in a page that sends it by itself: where to, and what. */
export function readFormPost(html: string): { action: string; fields: URLSearchParams } {
  const [, action = ''] = /<form[^>]* action="([^"]*)"/.exec(html) ?? []
  const inputs = [...html.matchAll(/<input type="hidden" name="([^"]*)" value="([^"]*)"/g)]
  const fields = new URLSearchParams()
  for (const [, name = '', value = ''] of inputs)
    fields.append(unescapeHtml(name), unescapeHtml(value))
  return { action: unescapeHtml(action), fields }
}

function unescapeHtml(text: string): string {
  return text.replace(/&[\w#]+;/g, (entity) => entities[entity] ?? entity)
}
