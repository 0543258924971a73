import { homeOfTool, t } from '../../../kit/index.ts'
import { type ForeignConfiguration, importSources, planImport } from '../../../profiles/index.ts'
import { importProfiles, readForeignConfigurations } from '../../../session/index.ts'
import type { Command } from '../../command.ts'
import { exitCodes } from '../../exit-codes.ts'
import { leftBehind, settlePlainFiles } from './import-files.ts'
import { describeAliyunSecrets, describeDefaults, describeStep } from './import-report.ts'

/** `sesame profile import`: profiles, sign-in URL and valid secrets of acs-sso and of the aliyun CLI. */
export const profileImportCommand: Command = {
  name: 'import',
  summary: 'take over the profiles of acs-sso and the CloudSSO profiles of the aliyun CLI',
  options: [
    { name: 'dry-run', summary: 'show what would happen and change nothing' },
    { name: 'overwrite', summary: 'replace profiles of the same name' },
    { name: 'delete-source', summary: "delete acs-sso's plain files once everything in them is taken over" },
    { name: 'from', value: 'TOOL', values: importSources, summary: 'only acs-sso, or only aliyun' },
  ],
  examples: ['sesame profile import --dry-run', 'sesame profile import --from acs-sso --delete-source'],
  async run(input, program) {
    const { edges, session, interactive } = program
    const sources = importSources.filter((source) => source === (input.text('from') ?? source))
    const now = edges.clock.now()
    const foreign = sources.flatMap((from) =>
      readForeignConfigurations(homeOfTool(from, edges), { from, now }),
    )
    const options = { overwrite: input.has('overwrite') }
    const dry = input.has('dry-run')
    // What a dry run shows is its result; what an import did is news, as with every command that changes something.
    const shown: string[] = []
    const say = dry ? (line: string) => void shown.push(line) : program.notify

    const result = dry
      ? { plan: planImport(foreign, session.readConfig(), options), secrets: undefined }
      : hasAnything(foreign)
        ? await importProfiles(foreign, options, session)
        : undefined
    for (const step of result?.plan.steps ?? []) say(describeStep(step, result?.secrets?.get(step)))
    for (const line of result === undefined ? [] : describeDefaults(result.plan, foreign, dry)) say(line)
    for (const line of foreign.flatMap(({ broken, refusals }) => [...broken, ...refusals])) say(line)
    if (!hasAnything(foreign)) say(nothing(foreign))

    const settled = await settlePlainFiles(
      { foreign, left: leftBehind(foreign, result), wanted: input.has('delete-source'), dry },
      { say, interactive, signal: () => session.signal },
    )
    for (const line of describeAliyunSecrets(foreign)) say(line)
    if (shown.length > 0) program.print(shown.map((line) => `${line}\n`).join(''))
    const failed = !settled || foreign.some(({ broken }) => broken.length > 0)
    return failed ? exitCodes.failed : exitCodes.done
  },
}

function hasAnything(foreign: readonly ForeignConfiguration[]): boolean {
  return foreign.some(({ profiles, signInUrl }) => profiles.length > 0 || signInUrl !== undefined)
}

function nothing(foreign: readonly ForeignConfiguration[]): string {
  const places = {
    'acs-sso': t('no profiles of acs-sso'),
    aliyun: t('no CloudSSO profiles of the aliyun CLI'),
  }
  return t('Nothing to import: there are {what}.', {
    what: foreign.map(({ source }) => places[source]).join(t(' and ')),
  })
}
