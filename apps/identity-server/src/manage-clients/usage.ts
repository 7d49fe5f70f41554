export const usage = `Registers clients of the token service, also while it runs.

  npx nx run identity-server:clients -- <command>
  npx node apps/identity-server/src/manage-clients/main.ts <command>

The second is the direct way, for scripts. By the first a shell reads the arguments once more, files are
looked for from the workspace's folder, and the exit code may be 1 for a wrong command line too, not 2.

  list [--after <id>] [--limit <number>]   clients by id, 100 unless told
  show <id>                                a registration, without its secrets
  add [<file>]                             a client from JSON, of a file or of standard input
  disable <id>                             refuses the client from now on, and its tokens where it
                                           is the token service that checks them
  enable <id>                              takes that back
  remove <id>                              removes the client and what is stored for it
  rotate-secret <id> [--keep-old <time>]   a new secret; the old one ends after a time such as
                                           90s, 30m, 12h or 7d, or at once with 0 (default 7d)

A client is written as in the list Clients of a configuration file, for example:

  {"ClientId": "orders", "AllowedGrantTypes": ["client_credentials"], "AllowedScopes": ["scope1"]}

A client that needs a secret and brings none gets one. It is shown once and stored as a hash.
Clients that the token service has in its code, or in its configuration file, are not listed here,
and their ids are taken: set CONFIG and DATA_DIR as it has them.`
