import type { Program } from '../../../compose/index.ts'
import { SesameError, t } from '../../../kit/index.ts'
import { hostOfEndpoint, type OssDestination, readEndpointName } from '../../../oss/index.ts'
import { regionVariables } from '../../../output/index.ts'
import { normalizeRegion } from '../../../values/index.ts'
import { chosenProfile, type Input, type OptionSpec, profileOption } from '../../command.ts'

/** Parts of the request that are signed with it. */
export const requestOptions: readonly OptionSpec[] = [
  {
    name: 'header',
    value: 'HEADER',
    repeatable: true,
    summary: 'a header that the request has, such as "Content-Type: text/csv"',
  },
  {
    name: 'query',
    value: 'NAME=VALUE',
    repeatable: true,
    summary: 'a query member that the request has, such as versionId=…',
  },
]

/** What all commands of `sesame oss` take. */
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
 * Where requests go. The region by `--region`, then as the name of an endpoint of OSS says, then of the profile, then of the
 * environment, then as the name of an endpoint reads that is not in the documentation. @throws SesameError ERR_USAGE without the region that V4, or the default endpoint, needs
 */
export function readOssDestination(
  input: Input,
  program: Pick<Program, 'session' | 'edges'>,
): OssDestination {
  const { session, edges } = program
  const endpoint = input.text('endpoint')
  const profile = session.readConfig().profiles.get(chosenProfile(input, program))
  const named = endpoint === undefined ? undefined : readEndpointName(endpoint)
  const places: (readonly [string, string | undefined])[] = [
    ['--region', input.text('region')],
    [t('The region of --endpoint'), named?.isListed ? named.region : undefined],
    [t('The region of the profile'), profile?.region],
    ...regionVariables.map((name) => [name, edges.env[name]] as const),
    [t('The region of --endpoint'), named?.region],
  ]
  const [what, written] = places.find(([, text]) => text) ?? []
  const region = written === undefined ? undefined : normalizeRegion(written, what)
  if (region === undefined && !(input.has('v1') && endpoint !== undefined)) {
    throw new SesameError('ERR_USAGE', t('Which region?'), {
      hint: t(
        'Give --region cn-hangzhou, set ALIBABA_CLOUD_REGION_ID, or configure the profile with --region.',
      ),
    })
  }
  const style = input.text('style') as OssDestination['style']
  return { region, endpoint, style }
}

/** Says where the bucket is sought for a domain that is not of Alibaba Cloud: mostly the user's own, bound to a bucket. */
export function noteOwnDomain(
  { endpoint = '', style }: OssDestination,
  { notify }: Pick<Program, 'notify'>,
): void {
  const host = hostOfEndpoint(endpoint)
  if (style === undefined && /\.[a-z]/.test(host) && !/\.aliyuncs\.com$/.test(host))
    notify(
      t(
        'The name of the bucket goes before this endpoint; for a domain that is bound to it, give --style cname.',
      ),
    )
}
