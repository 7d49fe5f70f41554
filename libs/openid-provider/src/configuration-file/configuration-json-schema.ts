import { readFileSync } from 'node:fs'

import { z } from 'zod'

import { originalName } from './property-name.ts'
import { sectionSchema } from './registration-schema.ts'

const ofSection = {
  issuerUri: 'The issuer. Empty: each request names it, by its Host.',
  clients: 'Who may ask for tokens.',
  apiScopes: 'What clients may ask to do at APIs.',
  apiResources: 'The APIs: the name of one is the audience of the tokens that carry its scopes.',
  identityResources: 'Groups of claims about the user, under one scope each.',
}

const ofClaim = { valueType: 'The XML Schema type of Value, such as the one of an integer.' }

type Descriptions = Readonly<Record<string, Readonly<Record<string, string>>>>

/** Those of the model are generated from its doc comments. */
function readDescriptions(): Descriptions {
  const file = new URL('property-descriptions.json', import.meta.url)
  const ofModel: Descriptions = JSON.parse(readFileSync(file, 'utf8'))
  return {
    ...ofModel,
    IdentityServer: ofSection,
    ClientClaim: { ...ofModel.ClientClaim, ...ofClaim },
  }
}

/**
 * The format of configuration files, for editors that complete and explain names. It has the names in
 * the original's case alone; what reads the files takes any.
 *
 * @see {@link https://json-schema.org/draft/2020-12/json-schema-core#section-4 JSON Schema §4}
 */
export function createConfigurationJsonSchema(): object {
  const descriptions = readDescriptions()
  const file = z.object({ identityServer: sectionSchema })
  return z.toJSONSchema(file, {
    io: 'input',
    override({ zodSchema, jsonSchema }) {
      const kind = zodSchema instanceof z.ZodType ? zodSchema.meta()?.id : undefined
      if (jsonSchema.properties === undefined) return
      jsonSchema.properties = renameProperties(jsonSchema.properties, kind, descriptions)
      if (jsonSchema.required) jsonSchema.required = jsonSchema.required.map(originalName)
      // A file may have other sections, which are not ours.
      if (kind !== undefined) jsonSchema.additionalProperties = false
    },
  })
}

type Properties = NonNullable<z.core.JSONSchema.JSONSchema['properties']>

function renameProperties(
  properties: Properties,
  kind: string | undefined,
  descriptions: Descriptions,
): Properties {
  const names = new Set(Object.values(descriptions).flatMap((each) => Object.keys(each)))
  // A doc comment mentions properties by our names.
  const describe = (text: string) =>
    text.replace(/`(\w+)`/g, (quoted, name) =>
      names.has(name) ? `\`${originalName(name)}\`` : quoted,
    )
  const renamed: Properties = {}
  for (const [name, schema] of Object.entries(properties)) {
    const description = descriptions[kind ?? '']?.[name]
    renamed[originalName(name)] =
      description === undefined || typeof schema === 'boolean'
        ? schema
        : { description: describe(description), ...schema }
  }
  return renamed
}
