/**
 * Prints the JSON Schema of configuration files, for editors:
 * `npx nx run identity-server:configuration-schema`.
 */
import { createConfigurationJsonSchema } from '@basics/openid-provider'

console.log(JSON.stringify(createConfigurationJsonSchema(), null, 2))
