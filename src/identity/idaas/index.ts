export type { IdaasApplication, IdaasContext, IdaasTokens } from './application.ts'
export { checkApiVersion, checkAppKey, checkApplicationUuid, normalizeIdaasUrl } from './check-application.ts'
export { refreshIdToken, retrieveIdToken } from './open-idaas.ts'
