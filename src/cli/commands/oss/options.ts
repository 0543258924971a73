import type { Program } from '../../../compose/index.ts'
import { SesameError } from '../../../kit/index.ts'
import type { OssDestination } from '../../../oss/index.ts'
import { regionVariables } from '../../../output/index.ts'
import { normalizeRegion } from '../../../values/index.ts'
import { chosenProfile, type Input, type OptionSpec, profileOption } from '../../command.ts'

/** What both commands of `sesame oss` take. */
export const ossOptions: readonly OptionSpec[] = [
  profileOption,
  {
    name: 'region',
    value: 'REGION',
    summary: 'such as cn-hangzhou (else the endpoint, the profile, or ALIBABA_CLOUD_REGION_ID)',
  },
  {
    name: 'endpoint',
    value: 'ENDPOINT',
    summary: 'host or URL (default oss-REGION.aliyuncs.com)',
  },
  {
    name: 'style',
    value: 'STYLE',
    values: ['virtual-host', 'path', 'cname'],
    summary: 'where the bucket stands: before the host, in the path, or bound to the domain',
  },
  { name: 'v1', summary: 'the older signature V1 instead of V4' },
]

/**
 * Where requests go. The region by `--region`, then as the endpoint's name says, then of the profile, then of the
 * environment. @throws SesameError ERR_USAGE without the region that V4, or the default endpoint, needs
 */
export function readOssDestination(
  input: Input,
  program: Pick<Program, 'session' | 'edges'>,
): OssDestination {
  const { session, edges } = program
  const endpoint = input.text('endpoint')
  const profile = session.readConfig().profiles.get(chosenProfile(input, program))
  const places: (readonly [string, string | undefined])[] = [
    ['--region', input.text('region')],
    ['The region of the endpoint', regionOfEndpoint(endpoint)],
    ['The region of the profile', profile?.region],
    ...regionVariables.map((name) => [name, edges.env[name]] as const),
  ]
  const [what, written] = places.find(([, text]) => text) ?? []
  const region = written === undefined ? undefined : normalizeRegion(written, what)
  if (region === undefined && !(input.has('v1') && endpoint !== undefined)) {
    throw new SesameError('ERR_USAGE', 'Which region?', {
      hint: 'Give --region cn-hangzhou, set ALIBABA_CLOUD_REGION_ID, or configure the profile with --region.',
    })
  }
  return { region, endpoint, style: input.text('style') as OssDestination['style'] }
}

/** `oss-cn-hangzhou-internal.aliyuncs.com` -> `cn-hangzhou`; undefined for a name that holds none. */
function regionOfEndpoint(endpoint = ''): string | undefined {
  const host = endpoint.replace(/^https?:\/\//, '').replace(/[:/].*$/s, '')
  const region = /^oss-([a-z0-9-]+?)(?:-internal)?\.aliyuncs\.com$/.exec(host)?.[1]
  return region?.startsWith('accelerate') ? undefined : region
}
