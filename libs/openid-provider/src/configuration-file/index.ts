/**
 * Clients and resources from JSON. An entry of its own: who defines them in code loads neither this nor
 * what it is made with, which would be a third of the engine's modules.
 */
export {
  type ConfigurationContext,
  type ConfiguredRegistrations,
  clientFromConfiguration,
  clientsFromConfiguration,
} from './clients-from-configuration.ts'
export { createConfigurationJsonSchema } from './configuration-json-schema.ts'
