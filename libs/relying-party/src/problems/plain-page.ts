import type { Problem } from './problem.ts'

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

/** A page for apps that bring none of their own. It needs no stylesheet, so no policy can forbid it. */
export function renderPlainPage({ title, message, detail, action }: Problem): string {
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${escapeHtml(title)}</title>
<h1>${escapeHtml(title)}</h1>
<p>${escapeHtml(message)}</p>
${detail === undefined ? '' : `<p><code>${escapeHtml(detail)}</code></p>\n`}<p><a href="${escapeHtml(action.href)}">${escapeHtml(action.text)}</a></p>
</html>
`
}

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => entities[character] ?? '')
}
