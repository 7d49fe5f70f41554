/**
 * The JSON Schema of configuration files, for editors, into a file below the folder it is started in, or
 * printed when none is named:
 * `npx nx run identity-server:configuration-schema -- identity-server.schema.json`.
 */
import { writeFileSync } from 'node:fs'

import { createConfigurationJsonSchema } from '@basics/openid-provider/configuration-file'

const [path] = process.argv.slice(2)
const schema = JSON.stringify(createConfigurationJsonSchema(), null, 2)
if (path === undefined) console.log(schema)
else {
  writeFileSync(path, `${schema}\n`)
  console.log(`${path} is written`)
}
