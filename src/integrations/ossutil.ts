import { t } from '../kit/index.ts'
import type { Integration } from './integration.ts'
import { commandLine } from './process-command.ts'
import { type Recipe, saveOnWindows, wrapperScript } from './wrapper-script.ts'

const recipe: Recipe = {
  exec: [],
  command: ['ossutil'],
  comments: [
    'Runs ossutil with credentials in its environment only: ossutil.sh ls',
    'It needs a region: OSS_REGION, --region, or region in ~/.ossutilconfig. Keys in that file are not used.',
  ],
  notes: () => [
    t('Renews: at each start; ossutil 1 also while it runs.'),
    t(
      'On disk: no keys. ossutil 1 gets a configuration for that run alone, which names a server on loopback that ends with it.',
    ),
  ],
}

const commentsOfOne = [
  'ossutil 1 reads no environment, but asks the address that its configuration names. That is new at each start, so the',
  'configuration is for this run alone. The endpoint is that of OSS_ENDPOINT or OSS_REGION, or given with -e; no -c.',
]

/** Run under `exec --server`. What the shell has to do afterwards keeps it from being replaced by ossutil. */
const runOne = `umask 077
config=$(mktemp) || exit
trap 'rm -f "$config"' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM
{
  printf '[Credentials]\\nlanguage=EN\\n'
  if [ -n "\${OSS_ENDPOINT:-}" ]; then printf 'endpoint=%s\\n' "$OSS_ENDPOINT"
  elif [ -n "\${OSS_REGION:-}" ]; then printf 'endpoint=oss-%s.aliyuncs.com\\n' "$OSS_REGION"; fi
  printf '[AkService]\\necsAk=%s\\n' "$ALIBABA_CLOUD_CREDENTIALS_URI"
} >"$config"
ossutil "$@" -c "$config"`

/** ossutil 2 reads the environment, ossutil 1 a credentials URI in its configuration: the script looks which one there is. */
export const ossutil: Integration = {
  options: [],
  configure: async (handover, { edges: { platform }, print, notify }) => {
    const script = wrapperScript(recipe, handover, platform)
    print(
      platform === 'win32'
        ? script
        : withOne(script, [...handover.sesame, 'exec', '--profile', handover.profile]),
    )
    for (const line of recipe.notes(handover.profile)) notify(line)
    if (platform !== 'win32') return
    notify(t('This script is for ossutil 2; ossutil 1 reads no environment.'))
    notify(t(saveOnWindows))
  },
}

function withOne(script: string, exec: readonly string[]): string {
  const line = commandLine([...exec, '--server', '--', '/bin/sh', '-c', runOne, 'ossutil'], 'linux')
  const branch = `# ${commentsOfOne.join('\n# ')}
case $(ossutil --version 2>/dev/null) in
*'version: v1.'*)
exec ${line} "$@" ;;
esac
`
  return script.replace(/^exec /m, () => `${branch}exec `)
}
