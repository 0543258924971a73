import { type Credentials, credentialValues, speakable } from '../kit/index.ts'
import { awsVariableNames, credentialVariables, regionVariables } from './credential-variables.ts'

/** Whose credentials they are, and where they are to be used. */
export interface VariableOptions {
  profile: string
  /** In its normal form; without one no region is set. */
  region?: string | undefined
  /** The variables of the shell that takes the output, for `aws-env`. */
  env?: Readonly<Record<string, string | undefined>>
}

/**
 * All variables with their values: the keys in the order of `credentialVariables`, the region before what is ours.
 * @throws SesameError ERR_UNSAFE_OUTPUT for a value that is empty or holds NUL, CR, LF or a lone surrogate
 */
export function credentialEnvironment(
  credentials: Credentials,
  { profile, region }: VariableOptions,
): Record<string, string> {
  const values = { ...credentialValues(credentials), profile: speakable('profile name', profile) }
  const own = Object.fromEntries(credentialVariables.map(({ name, holds }) => [name, values[holds]]))
  return { ...regionEnvironment(region), ...own }
}

/** The variables of a region; none without one. @throws SesameError ERR_UNSAFE_OUTPUT */
export function regionEnvironment(region: string | undefined): Record<string, string> {
  if (region === undefined) return {}
  const value = speakable('region', region)
  return Object.fromEntries(regionVariables.map((name) => [name, value]))
}

/**
 * The credentials under the names of AWS, for S3 tools on OSS.
 * @throws SesameError as `credentialEnvironment`, also for the name of the profile: it is a mistake in every format
 */
export function awsEnvironment(
  credentials: Credentials,
  { profile }: VariableOptions,
): Record<string, string> {
  speakable('profile name', profile)
  const { accessKeyId, accessKeySecret, securityToken } = credentialValues(credentials)
  const [id, secret, token] = awsVariableNames
  return { [id]: accessKeyId, [secret]: accessKeySecret, [token]: securityToken }
}
