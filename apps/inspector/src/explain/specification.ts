/** A sentence on a name, and where it is defined. */
export interface Meaning {
  readonly sentence: string
  /** Such as `RFC 6749 §3.3`. */
  readonly section: string
  readonly href: string
}

/** @param section As in the anchors of rfc-editor.org: `4.1.2`. */
export function rfc(number: number, section: string, sentence: string): Meaning {
  return {
    sentence,
    section: `RFC ${number} §${section}`,
    href: `https://www.rfc-editor.org/rfc/rfc${number}.html#section-${section}`,
  }
}

/** @param document And anchor, as in `openid-connect-core-1_0.html#IDToken`. */
export function openid(document: string, section: string, sentence: string): Meaning {
  return { sentence, section, href: `https://openid.net/specs/${document}` }
}

/** @param anchor Of OpenID Connect Core 1.0. */
export function core(anchor: string, section: string, sentence: string): Meaning {
  return openid(`openid-connect-core-1_0.html#${anchor}`, `OIDC Core §${section}`, sentence)
}
