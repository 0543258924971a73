import {
  asRecord,
  asText,
  formatInstant,
  parseRecord,
  printable,
  type Secret,
  SesameError,
  t,
} from '../../../kit/index.ts'

/*
 * The answer of a credential plugin of kubectl and other programs over client-go
 * (https://kubernetes.io/docs/reference/config-api/client-authentication.v1/). They compare its version with the one they asked for.
 */

const group = 'client.authentication.k8s.io'
const versions = [`${group}/v1`, `${group}/v1beta1`] as const
type ApiVersion = (typeof versions)[number]

/**
 * The version that the caller asks for in `KUBERNETES_EXEC_INFO`, an ExecCredential itself; v1 without it.
 * @throws SesameError ERR_CONFIG for what is none, and for a version that is not known
 */
export function execCredentialVersion(info: string | undefined): ApiVersion {
  if (!info) return versions[0]
  const asked = asRecord(parseRecord(info))
  const apiVersion = asText(asked?.apiVersion)
  if (
    asked === undefined ||
    apiVersion === undefined ||
    (asked.kind ?? 'ExecCredential') !== 'ExecCredential'
  )
    throw new SesameError('ERR_CONFIG', t('KUBERNETES_EXEC_INFO holds no ExecCredential.'), {
      hint: t('kubectl sets it when it starts sesame; elsewhere, unset it.'),
    })
  const known = versions.find((each) => each === apiVersion)
  if (known !== undefined) return known
  throw new SesameError(
    'ERR_CONFIG',
    t('KUBERNETES_EXEC_INFO asks for {version}, which is not known.', { version: printable(apiVersion, 80) }),
    {
      hint: t('Set apiVersion in the exec section of the kubeconfig to {version}.', { version: versions[0] }),
    },
  )
}

/** One line without a line end. The caller starts the plugin again when that instant has passed, or the token is refused. */
export function formatExecCredential(
  apiVersion: ApiVersion,
  { token, expiresAt }: { token: Secret; expiresAt: Date },
): string {
  const status = { expirationTimestamp: formatInstant(expiresAt), token: token.reveal() }
  return JSON.stringify({ apiVersion, kind: 'ExecCredential', status })
}
