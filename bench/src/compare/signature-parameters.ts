/** What `crypto.subtle` is told of each algorithm, by its name in a JWT. */
export const signatureParameters = {
  RS256: { name: 'RSASSA-PKCS1-v1_5' },
  ES256: { name: 'ECDSA', hash: 'SHA-256' },
} as const

export type SignatureAlgorithm = keyof typeof signatureParameters
