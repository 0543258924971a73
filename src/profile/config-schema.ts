import { storeChoices } from './config.ts'

/** JSON Schema of `config.json`, written beside it so that an editor can complete and check it offline. */
export const configSchema = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  title: 'sesame configuration',
  description: 'Names and choices only: secrets rest in the store.',
  type: 'object',
  properties: {
    version: { const: 1 },
    signInUrl: { type: 'string', format: 'uri', description: 'Default CloudSSO sign-in URL.' },
    store: {
      enum: storeChoices,
      description: 'Where secrets rest; auto takes the OS keychain where it works.',
    },
    currentProfile: { type: 'string', description: 'The profile used when none is named.' },
    profiles: {
      type: 'object',
      additionalProperties: {
        type: 'object',
        required: ['kind'],
        properties: {
          kind: { const: 'cloudsso' },
          signInUrl: { type: 'string', format: 'uri' },
          accountId: { type: 'string' },
          accountName: { type: 'string' },
          accessConfigurationId: { type: 'string' },
          accessConfigurationName: { type: 'string' },
          store: { enum: storeChoices.filter((choice) => choice !== 'auto' && choice !== 'memory') },
        },
      },
    },
  },
} as const
