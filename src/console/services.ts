import type { Site } from './site.ts'

/** The page of a service that opens: the first label of its host (`ecs` in `ecs.console.aliyun.com`), and the path. */
interface Page {
  label: string
  /** For a region, for which `{region}` stands; without it the console of the service has one address for all of them. */
  regional?: string
  /** Where no region is known, and of a service without regions; `/` is the start page of each. */
  path?: string
}

interface Service extends Page {
  /** On the international site, where it is another one. */
  intl?: Page
}

/* As the vendor's documentation of each site has the addresses. A region is named only where the form of the path is known. */
const services = {
  home: { label: 'home' },
  ack: { label: 'cs' },
  acr: { label: 'cr', regional: '/{region}/instances' },
  actiontrail: { label: 'actiontrail' },
  alb: { label: 'slb', regional: '/alb/{region}/albs' },
  alidns: { label: 'dns' },
  apigateway: { label: 'apigateway' },
  arms: { label: 'arms' },
  bailian: { label: 'bailian' },
  cas: { label: 'yundun', path: '/?p=cas' },
  cdn: { label: 'cdn' },
  cloudmonitor: { label: 'cloudmonitor' },
  cloudsso: { label: 'cloudsso' },
  config: { label: 'config' },
  dataworks: { label: 'dataworks' },
  eci: { label: 'eci' },
  ecs: { label: 'ecs', regional: '/server/region/{region}' },
  eip: { label: 'vpc', regional: '/eip/{region}/eips' },
  elasticsearch: { label: 'elasticsearch' },
  emr: { label: 'emr' },
  ess: { label: 'essnew', intl: { label: 'ess' } },
  eventbridge: { label: 'eventbridge' },
  fc: { label: 'fcnext', regional: '/{region}/functions', intl: { label: 'fc' } },
  kafka: { label: 'kafka' },
  kms: { label: 'kms' },
  maxcompute: { label: 'maxcompute' },
  mongodb: { label: 'mongodb' },
  mse: { label: 'mse' },
  nas: {
    label: 'nasnext',
    regional: '/{region}/filesystem',
    intl: { label: 'nas', regional: '/{region}/filesystem' },
  },
  oss: { label: 'oss', path: '/bucket' },
  pai: { label: 'pai' },
  polardb: { label: 'polardb' },
  quotas: { label: 'quotas' },
  ram: { label: 'ram' },
  rds: {
    label: 'rdsnext',
    regional: '/rdsList/{region}/basic',
    path: '/rdsList/basic',
    intl: { label: 'rds', path: '/rdsList/basic' },
  },
  redis: { label: 'kvstore' },
  resourcemanager: { label: 'resourcemanager' },
  rocketmq: { label: 'ons' },
  ros: { label: 'ros', regional: '/{region}/stacks' },
  sae: { label: 'sae' },
  slb: { label: 'slb', regional: '/slb/{region}/slbs' },
  sls: { label: 'sls' },
  vpc: { label: 'vpc', regional: '/vpc/{region}/vpcs' },
  waf: { label: 'yundun', path: '/?p=wafnext' },
} as const satisfies Record<string, Service>

type ServiceName = keyof typeof services

/** Every value of `--service`. */
export const serviceNames: readonly ServiceName[] = Object.keys(services) as ServiceName[]

/** Other names under which services are known: the product's, or that of the API. */
const otherNames = {
  clb: 'slb',
  cr: 'acr',
  cs: 'ack',
  dns: 'alidns',
  k8s: 'ack',
  log: 'sls',
  odps: 'maxcompute',
  'r-kvstore': 'redis',
} as const satisfies Record<string, ServiceName>

/** The other spellings that are accepted. */
export const serviceSpellings: readonly string[] = Object.keys(otherNames)

/** The host's first label and the path of a service, by any of its names; undefined for a name that is none. */
export function findService(
  name: string,
  { site, region }: { site: Site; region?: string | undefined },
): { label: string; path: string } | undefined {
  const known = Object.hasOwn(otherNames, name) ? otherNames[name as keyof typeof otherNames] : name
  if (!Object.hasOwn(services, known)) return undefined
  const service: Service = services[known as ServiceName]
  const { label, regional, path = '/' } = (site === 'intl' ? service.intl : undefined) ?? service
  const page = region === undefined ? undefined : regional?.replace('{region}', region)
  return { label, path: page ?? path }
}
