import { SesameError } from '../../kit/index.ts'

/**
 * Our connections check certificates whatever the environment says; who has turned the checks off expects something else, and
 * is reported. `value`: NODE_TLS_REJECT_UNAUTHORIZED. @throws SesameError ERR_TLS for `0`
 */
export function refuseUncheckedTls(value: string | undefined): void {
  if (value !== '0') return
  throw new SesameError(
    'ERR_TLS',
    'NODE_TLS_REJECT_UNAUTHORIZED=0 turns certificate checks off; sesame sends no secrets that way.',
    { hint: 'Unset it; for a private CA, set SESAME_CA_FILE to its certificate.' },
  )
}
