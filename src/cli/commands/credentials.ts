import { formatCredentials, formatFailure } from '../../output/index.ts'
import { regionOf } from '../../profiles/index.ts'
import { getCredentials } from '../../session/index.ts'
import { type Command, chosenProfile, profileOption, quietOption } from '../command.ts'
import { parseDuration } from '../duration.ts'
import { exitCodes } from '../exit-codes.ts'
import { chooseFormat, formatOptions, shellFormatInArgv, warnOfSecretsOnScreen } from '../format-options.ts'

/** `sesame credentials`: the output of login for programs: renewed silently, never a question, never a browser. */
export const credentialsCommand: Command = {
  name: 'credentials',
  summary: 'print credentials for a program; never asks, never opens a browser',
  unattended: true,
  options: [
    profileOption,
    ...formatOptions,
    { name: 'min-ttl', value: 'DURATION', summary: 'at least this much life left, such as 15m' },
    quietOption,
  ],
  examples: ['sesame credentials --profile dev', 'sesame credentials --format aws --min-ttl 15m'],
  failureOutput: (argv) => {
    const format = shellFormatInArgv(argv)
    return format === undefined ? '' : formatFailure(format)
  },
  async run(input, { session, edges, print }) {
    const format = chooseFormat(input)
    const minTtl = input.text('min-ttl')
    const minTtlSeconds = minTtl === undefined ? 0 : parseDuration(minTtl, 'min-ttl')
    const profile = chosenProfile(input, { session, edges })
    const { credentials } = await getCredentials(profile, { minTtlSeconds }, session)
    const region = regionOf(session.readConfig().profiles.get(profile))
    print(formatCredentials(format, credentials, { profile, region, env: edges.env }))
    if (!input.has('quiet')) warnOfSecretsOnScreen(edges)
    return exitCodes.done
  },
}
