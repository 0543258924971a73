import type { Program } from '../../../compose/index.ts'
import { shellWord, t } from '../../../kit/index.ts'
import {
  checkSettings,
  defaultNameTemplate,
  nameTemplatePlaceholders,
  readGlob,
  readNameTemplate,
  settingOptions,
  settings,
} from '../../../profiles/index.ts'
import { directoryUrl, type SyncOptions, syncProfiles } from '../../../session/index.ts'
import { openProgressBar } from '../../../terminal/index.ts'
import { cloudSsoDomains, foreignHost } from '../../../values/index.ts'
import type { Command, Input } from '../../command.ts'
import { exitCodeOf, exitCodes } from '../../exit-codes.ts'
import { formatSteps, formatSyncJson, sayOutcome } from './sync-report.ts'

/** The options that say which directory is meant. */
const directoryOptions = settingOptions({ signInUrl: settings.signInUrl })

/** `sesame profile sync`: a profile for every account and access configuration of the user. */
export const profileSyncCommand: Command = {
  name: 'sync',
  summary: 'make a profile for every account and access configuration that you have at CloudSSO',
  options: [
    ...directoryOptions.map((option) => ({
      ...option,
      summary: 'CloudSSO sign-in URL (default: the configured one)' as const,
    })),
    {
      name: 'match',
      value: 'GLOB',
      repeatable: true,
      summary: 'only accounts, access configurations or profiles with such a name or id, such as "prod*"',
    },
    {
      name: 'name',
      value: 'TEMPLATE',
      summary: () =>
        t('how new profiles are named (default {template}); placeholders: {names}', {
          template: defaultNameTemplate,
          names: nameTemplatePlaceholders(),
        }),
    },
    { name: 'dry-run', summary: 'show what would happen and change nothing' },
    { name: 'prune', summary: 'delete what it has made and you may no longer use' },
    { name: 'json', summary: 'as JSON' },
    { name: 'no-browser', summary: 'only show the address, do not open it' },
    { name: 'qr', summary: 'show the address as a QR code too' },
  ],
  examples: [
    'sesame profile sync',
    'sesame profile sync --match "prod*" --name "{directory}-{account}-{configuration}" --dry-run',
    'sesame profile sync --prune',
  ],
  async run(input, program) {
    const { session, edges } = program
    const options = readOptions(input, program)
    const who = await program.person({ browser: !input.has('no-browser'), qr: input.has('qr') })
    const bar = await openProgressBar(edges)
    const onProgress = (done: number, all: number) => bar.show({ done, all, what: t('accounts') })
    // In `finally`: Ctrl-C leaves no half of a bar on the screen.
    const result = await syncProfiles({ ...options, onProgress }, session, who).finally(bar.end)
    const shown = { ...result, options, patterns: input.all('match'), template: input.text('name') }
    program.print(input.has('json') ? formatSyncJson(shown) : formatSteps(shown))
    for (const line of sayOutcome(shown)) program.notify(line)
    const [first] = result.failed
    return first === undefined ? exitCodes.done : exitCodeOf[first.failure.code]
  },
}

function readOptions(input: Input, { session, edges, notify }: Program): SyncOptions {
  const named = checkSettings({
    signInUrl: directoryOptions.map(({ name }) => input.text(name))[0],
  }).signInUrl
  const signInUrl = named || directoryUrl(session)
  const host = named ? foreignHost(signInUrl) : undefined
  if (host !== undefined) {
    const domains = cloudSsoDomains.map((each) => `*.${each}`).join(', ')
    notify(t('Warning: {host} is not a CloudSSO host of Alibaba Cloud ({domains}).', { host, domains }))
  }
  const globs = input.all('match').map(readGlob)
  return {
    signInUrl,
    nameOf: readNameTemplate(input.text('name') ?? defaultNameTemplate),
    matches: (names) => globs.length === 0 || globs.some((fits) => names.some(fits)),
    prune: input.has('prune'),
    dry: input.has('dry-run'),
    again: ['sesame', ...edges.argv.map(shellWord)].join(' '),
  }
}
