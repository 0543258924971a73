export { isSesameError, SesameError } from './errors.ts'
