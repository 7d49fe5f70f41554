/** Made by the server: where the others are. */
export const settings: {
  readonly issuer: string
  readonly api: string
}
