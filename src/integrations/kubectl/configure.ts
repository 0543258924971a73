import { delimiter, join } from 'node:path'
import { statsOf } from '../../files/index.ts'
import { homeOfTool, printable, SesameError, shellWord, t } from '../../kit/index.ts'
import { askYesNo } from '../../terminal/index.ts'
import type { Handover, IntegrationContext } from '../integration.ts'
import { loginCommand } from '../process-command.ts'
import { keepFormerFile, readToolFile, writeToolFile } from '../tool-file.ts'
import { type ExecUser, readKubeconfig } from './kubeconfig.ts'

/** Makes a user of a kubeconfig take its token from sesame, for clusters that trust the provider of the profile. */
export async function configureKubectl(wanted: Handover, program: IntegrationContext): Promise<void> {
  const { session, print, notify } = program
  const { profile, provider } = wanted
  if (wanted.print) print((await readKubeconfig('')).withUser(profile, userOf(wanted)))
  else await session.withLock('kubeconfig', () => write(wanted, program))
  notify(
    t('For the current cluster: kubectl config set-context --current --user={user}', {
      user: shellWord(profile),
    }),
  )
  if (provider !== undefined)
    notify(
      t('The API server must trust it: --oidc-issuer-url={issuer} --oidc-client-id={client}', {
        issuer: shellWord(printable(provider.issuer)),
        client: shellWord(printable(provider.clientId)),
      }),
    )
  notify(t('Renews: yes, while the sign-in is valid; then: {command}', { command: loginCommand(profile) }))
  notify(t('On disk: no secrets.'))
}

function userOf({ profile, sesame }: Handover): ExecUser {
  const [command = 'sesame', ...first] = sesame
  return {
    command,
    args: [...first, 'token', 'get', '--profile', profile, '--format', 'exec-credential'],
    installHint: `sesame is not there any more. Install it, then run: sesame configure --for kubectl --profile ${shellWord(profile)}`,
  }
}

async function write(wanted: Handover, program: IntegrationContext): Promise<void> {
  const { profile: name } = wanted
  const { edges, notify } = program
  const { path, text } = await fileFor(name, edges)
  const config = await readKubeconfig(text)
  const isForeign = config.find(name) === 'foreign'
  if (isForeign) await mayReplace(path, wanted, program)
  const after = config.withUser(name, userOf(wanted))
  const shown = { name, path: printable(path) }
  if (after === text) return notify(t('User {name} is as it should be: {path}', shown))
  if (isForeign) keepFormerFile(path, text, program)
  writeToolFile(path, after, notify)
  notify(t('User {name} takes its token from sesame: {path}', shown))
}

/**
 * The file that kubectl would change: that of KUBECONFIG, a list of them, which has the user; else the first of the list that is
 * there, else the last; without the variable `~/.kube/config`. @throws SesameError ERR_FILE
 */
async function fileFor(
  name: string,
  edges: IntegrationContext['edges'],
): Promise<{ path: string; text: string }> {
  const listed = (edges.env.KUBECONFIG ?? '').split(delimiter).filter((path) => path !== '')
  const paths = listed.length > 0 ? listed : [join(homeOfTool('kubectl', edges), '.kube', 'config')]
  const files = paths.map((path) => ({ path, text: readToolFile(path), exists: statsOf(path) !== undefined }))
  for (const file of files) if ((await readKubeconfig(file.text)).find(name) !== 'absent') return file
  const [first] = files.filter(({ exists }) => exists)
  return first ?? files.at(-1) ?? { path: paths[0] ?? '', text: '' }
}

/** Consent to replace what was set up before: by option, or from the user. */
async function mayReplace(
  path: string,
  { profile, overwrite }: Handover,
  { interactive, session }: IntegrationContext,
): Promise<void> {
  if (overwrite) return
  const shown = { path: printable(path), name: profile }
  const question = t('{path} has a user {name} of its own. Replace it?', shown)
  if (interactive && (await askYesNo(question, session.signal))) return
  throw new SesameError('ERR_CONFIG', t('{path} has a user {name} of its own; it stays as it is.', shown), {
    hint: t(
      'Add --overwrite to replace it (the former file is kept beside it), or name another with --profile.',
    ),
  })
}
