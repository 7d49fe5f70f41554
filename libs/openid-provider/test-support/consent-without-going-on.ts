/** The consent page's form, sent by the browser with this cookie, which then stays where it is. */
export async function consentWithoutGoingOn(
  issuer: string,
  { returnUrl, cookie }: { returnUrl: string; cookie: string },
  consent: { scopes: readonly string[]; remember: boolean },
): Promise<void> {
  await fetch(`${issuer}/consent`, {
    method: 'POST',
    headers: { cookie },
    body: JSON.stringify({ returnUrl, consent }),
    redirect: 'manual',
  })
}
