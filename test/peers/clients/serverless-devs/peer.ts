import { execFile } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { peersCache } from '../../find-program.ts'
import type { Peer } from '../../peer.ts'
import type { ClientWorld, Way } from '../client.ts'
import { pathWith, runWords, saveRecipe } from '../client-world.ts'
import { clientPeer } from '../steps.ts'

const release = '3.1.10'
const environment = join(peersCache, 'serverless-devs')
const folder = join(environment, 'node_modules', '@serverless-devs', 's')
/** What it starts beside its work: reports to its makers, and a look for updates. */
const daemons = join(folder, 'lib', 'daemon')

const versionOf = (): string => JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')).version

/** Without its daemons: nothing here may leave this machine. */
async function install(): Promise<void> {
  mkdirSync(environment, { recursive: true })
  const words = ['install', '--ignore-scripts', '--no-audit', '--no-fund', '--prefix', environment]
  await promisify(execFile)('npm', [...words, `@serverless-devs/s@${release}`])
  rmSync(daemons, { recursive: true })
}

/** A project whose only resource is a component that makes a signed call. */
async function prepare(world: ClientWorld): Promise<void> {
  await saveRecipe(world, 'serverless-devs')
  const component = join(import.meta.dirname, 'component')
  const resources = { identity: { component, props: { address: world.cloud.host } } }
  // JSON is YAML.
  const project = JSON.stringify({ edition: '3.0.0', name: 'call', resources })
  writeFileSync(join(world.home.home, 's.yaml'), project)
}

const recipe: Way = {
  name: 'recipe',
  prepare,
  call(world) {
    const { home } = world.home
    const words = [join(home, 'serverless-devs.sh'), 'deploy', '--template', join(home, 's.yaml')]
    return runWords(world, words, { PATH: pathWith(world, 's', join(folder, 'bin', 's')) })
  },
}

/** Serverless Devs by its recipe. */
export const serverlessDevs: Peer = clientPeer({
  name: 'serverless-devs',
  quick: false,
  missing: async () =>
    existsSync(folder) && !existsSync(daemons) && versionOf() === release
      ? undefined
      : { reason: `it is not in ${environment}`, install: 'npm run peers -- --install serverless-devs' },
  install,
  version: async () => versionOf(),
  ways: [recipe],
})
