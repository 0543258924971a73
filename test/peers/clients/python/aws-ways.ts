import { shellWord } from '../../../../src/kit/index.ts'
import { type Finished, sesamePath } from '../../../support/sesame.ts'
import type { Client, ClientWorld, Way } from '../client.ts'
import { assertOurs, inClientWorld, runWords, sesame, startClient, succeeded } from '../client-world.ts'
import type { Program } from '../sdk-ways.ts'

const credentials = [process.execPath, sesamePath, 'credentials', '--profile', 'dev']

/** boto3: `credential_process`, and variables. */
export function awsClient(program: Program): Pick<Client, 'ways' | 'more'> {
  const inEnvironment = (host: string) => program(host)
  return {
    ways: [
      configurationFile(program),
      {
        ...awsEnvironment(inEnvironment),
        atOnce: (world, count) => underEval(world, program(world.cloud.host, '--at-once', String(count))),
      },
    ],
    more: [besideOtherAwsKeys(inEnvironment)],
  }
}

/** s3cmd reads no process. */
export function s3cmdClient(path: string): Pick<Client, 'ways' | 'more'> {
  const list = (host: string) => [path, '--no-ssl', `--host=${host}`, `--host-bucket=${host}`, 'ls']
  return { ways: [awsEnvironment(list)], more: [besideOtherAwsKeys(list)] }
}

/** `credential_process` of a profile in `~/.aws/config`, as `configure --for boto3` writes it. */
function configurationFile(program: Program): Way {
  const env = { AWS_PROFILE: 'dev', AWS_EC2_METADATA_DISABLED: 'true' }
  const run = (world: ClientWorld, ...mode: readonly string[]) =>
    runWords(world, program(world.cloud.host, ...mode), env)
  return {
    name: 'configuration file',
    prepare: async (world) => void (await sesame(world, ['configure', '--for', 'boto3', '--profile', 'dev'])),
    call: (world) => run(world),
    atOnce: (world, count) => run(world, '--at-once', String(count)),
    start: (world) => startClient(world, program(world.cloud.host, '--lines'), env),
    signInNeeded: { code: 1, says: /sesame login --profile dev/ },
  }
}

/** Evaluates `sesame credentials --format aws-env` in a shell, and then runs the words there. */
function underEval(
  world: ClientWorld,
  words: readonly string[],
  env: Record<string, string> = {},
): Promise<Finished> {
  const print = [...credentials, '--format', 'aws-env'].map(shellWord).join(' ')
  const script = `eval "$(${print})" && exec ${words.map(shellWord).join(' ')}`
  return runWords(world, ['/bin/sh', '-c', script], env)
}

function awsEnvironment(words: (host: string) => readonly string[]): Way {
  return {
    name: 'environment',
    call: (world) => underEval(world, words(world.cloud.host)),
    signInNeeded: { code: 1, says: /sesame login --profile dev/ },
  }
}

/** The names that go before ours in boto3 or in s3cmd (case 198). */
const otherVariables = {
  AWS_ACCESS_KEY: 'AKIA-other',
  AWS_SECRET_KEY: 'secret-of-other-account',
  AWS_SECURITY_TOKEN: 'stale',
  AWS_CREDENTIAL_EXPIRATION: '2020-01-01T00:00:00Z',
}

function besideOtherAwsKeys(words: (host: string) => readonly string[]): NonNullable<Client['more']>[number] {
  return [
    'environment: beside keys of another account',
    () =>
      inClientWorld({}, async (world) => {
        succeeded(await underEval(world, words(world.cloud.host), otherVariables))
        assertOurs(world)
      }),
  ]
}
