export {
  type CloudCredentialsRequest,
  type IssuedCredentials,
  requestCloudCredentials,
} from './cloud-credentials.ts'
