import { type Secret, SesameError, shellWord, t } from '../../kit/index.ts'
import { openKept } from '../profile-stores.ts'
import type { SessionContext } from '../session-context.ts'
import { parseSecret } from '../stored-items.ts'
import type { Outlook } from './kind.ts'
import { type ResolvedIdaas, type ResolvedOidc, storeChoiceOf } from './resolved-profile.ts'

type SecretOption = (Outlook & { kind: 'no-secret' })['option']

/**
 * The secret of a client or application, which was put into the store when it was configured. `option` is the one of
 * `sesame configure` that sets it. @throws SesameError ERR_CONFIG when it is not there
 */
export async function readSecret(
  resolved: ResolvedOidc | ResolvedIdaas,
  option: SecretOption,
  context: Pick<SessionContext, 'openStore'>,
): Promise<Secret> {
  const store = await context.openStore(storeChoiceOf(resolved), 'read')
  const secret = parseSecret(await store.read(resolved.items.secret))
  if (secret !== undefined) return secret
  const { name } = resolved
  throw new SesameError(
    'ERR_CONFIG',
    t('The secret of profile {name} is not in the store ({store}).', { name, store: store.kind }),
    {
      hint: t('Give it again: {command}', {
        command: `sesame configure --profile ${shellWord(name)} ${option}`,
      }),
    },
  )
}

/** Whether the secret is there, without reading what it is. */
export async function hasSecret(
  resolved: ResolvedOidc | ResolvedIdaas,
  context: Pick<SessionContext, 'openStore'>,
): Promise<boolean> {
  const store = await openKept(resolved, context)
  return (await store?.read(resolved.items.secret)) !== undefined
}
