/** The names that this machine has for itself in a URL: nobody else can have them. */
export const loopbackHosts: readonly string[] = ['localhost', '127.0.0.1', '[::1]']
