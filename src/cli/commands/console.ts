import type { Program } from '../../compose/index.ts'
import {
  consoleDestination,
  federationEndpoint,
  leadBrowserToConsole,
  requestSigninToken,
  serviceNames,
  serviceSpellings,
  signinUrl,
} from '../../console/index.ts'
import { formatInstant, SesameError, t } from '../../kit/index.ts'
import { checkSetting, providerUrlOf, regionOf } from '../../profiles/index.ts'
import { type Command, chosenProfile, type Input, profileOption } from '../command.ts'
import { exitCodes } from '../exit-codes.ts'
import { credentialsOrLogin } from '../provide-credentials.ts'

/** `sesame console`: the console of Alibaba Cloud in the browser, signed in with a profile's credentials. */
export const consoleCommand: Command = {
  name: 'console',
  summary: 'open the Alibaba Cloud console in the browser, signed in with the credentials of a profile',
  options: [
    profileOption,
    {
      name: 'service',
      value: 'SERVICE',
      summary: 'the console of a service, such as ecs, oss or ram',
      values: serviceNames,
      otherValues: serviceSpellings,
    },
    {
      name: 'url',
      value: 'URL',
      summary: 'a page of it, on a host of .console.aliyun.com or .console.alibabacloud.com',
    },
    {
      name: 'print',
      summary: 'print the address that signs in, which works once and for 30 s; no browser is opened',
    },
    {
      name: 'allow-query',
      summary:
        'where the form of a POST is not taken, send the credentials in the query of a GET, which servers may log',
    },
    {
      name: 'console-endpoint',
      value: 'URL',
      summary: 'the federation service (default: that of the site of the profile, see configure --site)',
    },
  ],
  examples: [
    'sesame console',
    'sesame console --profile dev --service ecs',
    'sesame console --url https://oss.console.aliyun.com/bucket',
    'sesame console --print',
  ],
  async run(input, program) {
    const { session, edges, print, notify } = program
    const profile = chosenProfile(input, { session, edges })
    const { endpoint, destination } = whereTo(input, profile, program)
    const { credentials } = await credentialsOrLogin(profile, program)
    const config = session.readConfig()
    const portal = providerUrlOf(config, config.profiles.get(profile)) ?? destination
    const { fetch, clock, random, signal, warn } = session
    const signIn = async () => {
      const allowQuery = input.has('allow-query')
      const context = { endpoint, allowQuery, fetch, clock, random, signal, warn }
      const token = await requestSigninToken(credentials, context)
      return signinUrl(endpoint, { token, destination, portal })
    }
    if (input.has('print')) {
      print(`${await signIn()}\n`)
      notify(t('Warning: who opens this address first is signed in. It works once, and for 30 s.'))
    } else await openInBrowser(signIn, program)
    const instant = formatInstant(credentials.expiresAt)
    notify(t('The session in the browser ends with the credentials, at {instant}.', { instant }))
    return exitCodes.done
  },
}

async function openInBrowser(
  signIn: () => Promise<string>,
  { session, person, notify }: Program,
): Promise<void> {
  const { clock, log, signal } = session
  const who = await person({ browser: true, qr: false })
  const place = who.remotePlace
  if (place !== undefined)
    notify(t('This is {place}: for a browser of another machine, use --print.', { place }))
  const show = (url: string, deadlineMs: number) => who.showStartUrl(url, deadlineMs)
  await leadBrowserToConsole({ signIn, show, clock, log, signal }).finally(() => who.endVerification(false))
}

/** The federation service, and the page to open. Mistakes in them come before any sign-in. */
function whereTo(
  input: Input,
  profile: string,
  { session }: Program,
): { endpoint: string; destination: string } {
  const [service, url] = [input.text('service'), input.text('url')]
  if (service !== undefined && url !== undefined)
    throw new SesameError('ERR_USAGE', t('--service and --url contradict each other.'))
  const settings = session.readConfig().profiles.get(profile)
  // A person may have edited the file.
  if (settings?.site !== undefined) checkSetting('site', settings.site)
  const site = settings?.site === 'intl' ? 'intl' : 'cn'
  const destination = consoleDestination({ service, url, site, region: regionOf(settings) })
  return { endpoint: federationEndpoint(site, input.text('console-endpoint')), destination }
}
