/** A text as HTML, also between double quotes as the value of an attribute. */
export function escapeHtml(text: string): string {
  return (
    text
      .replaceAll('&', '&amp;')
      .replaceAll('<', '&lt;')
      .replaceAll('>', '&gt;')
      .replaceAll('"', '&quot;')
      // Written as they are, a browser would read both as a line feed.
      .replaceAll('\r', '&#13;')
      .replaceAll('\n', '&#10;')
  )
}
