import { join } from 'node:path'
import type { Program } from '../../compose/index.ts'
import { printable, SesameError, t } from '../../kit/index.ts'
import { type ChildCredentials, isNested, needsKeys, withoutProxyForLoopback } from '../../output/index.ts'
import { regionOf } from '../../profiles/index.ts'
import { type Command, chosenProfile, type Input, profileOption } from '../command.ts'
import { credentialsOrLogin, credentialsProvider, obtained } from '../provide-credentials.ts'
import { recordFailure } from '../record-failure.ts'
import { runProgram } from '../run-program.ts'
import { absentFile, saysWithoutProxy } from '../served-environment.ts'

/** `sesame exec`: a program with credentials in its environment only. */
export const execCommand: Command = {
  name: 'exec',
  summary: 'run a program, or a shell, with credentials in its environment only',
  usage: '[-- COMMAND …]',
  takesCommandLine: true,
  options: [
    profileOption,
    {
      name: 'server',
      summary: 'give it an address that renews credentials instead of keys (SDKs, Terraform)',
    },
    { name: 'force', summary: 'even inside another sesame exec' },
  ],
  examples: [
    'sesame exec --profile dev -- terraform plan',
    'sesame exec --server -- node app.js',
    'sesame exec',
  ],
  async run(input, program) {
    const { session, edges } = program
    if (isNested(edges.env) && !input.has('force')) {
      throw new SesameError(
        'ERR_USAGE',
        t('This already runs in sesame exec, for profile {profile}.', {
          profile: printable(edges.env.SESAME_EXEC ?? '', 64),
        }),
        {
          hint: t('Leave it first, or add --force.'),
        },
      )
    }
    const profile = chosenProfile(input, program)
    // No child ever runs without credentials.
    const stored = await credentialsOrLogin(profile, program)
    const keysOnly = needsKeys(input.positionals[0] ?? '')
    if (input.has('server') && keysOnly) program.notify(saysWithoutServer(input.positionals[0] ?? ''))
    if (!input.has('server') || keysOnly)
      return run(input, { kind: 'static', credentials: stored.credentials }, profile, program)
    const { clock, log } = session
    const { startCredentialsServer } = await import('../../credentials-server/index.ts')
    const server = await startCredentialsServer({
      provide: credentialsProvider(profile, session, (error) =>
        recordFailure(error, { command: 'exec', program }),
      ),
      initial: obtained(stored, session),
      clock,
      log,
    })
    try {
      const { removed } = withoutProxyForLoopback(edges.env, edges.platform)
      if (removed.length > 0) program.notify(saysWithoutProxy(removed))
      program.loadRest()
      const noFile = join(program.place().state, absentFile)
      return await run(input, { kind: 'server', url: server.url, noFile }, profile, program)
    } finally {
      await server.close()
    }
  },
}

/** The region is that of the configuration by now: a sign-in may have come between. */
function run(input: Input, source: ChildCredentials, profile: string, program: Program): Promise<number> {
  const region = regionOf(program.session.readConfig().profiles.get(profile))
  return runProgram(input.positionals, source, { profile, region }, program)
}

function saysWithoutServer(command: string): string {
  return t('{command} reads no credentials URI; it gets keys, as without --server.', {
    command: printable(command, 80),
  })
}
