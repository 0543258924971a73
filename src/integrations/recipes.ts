import { type FixedText, t } from '../kit/index.ts'
import { loginCommand } from './process-command.ts'
import type { Recipe } from './wrapper-script.ts'

/*
 * Tools that get their credentials by being started under `sesame exec`: what their scripts hold, as it was tried with the real
 * tools. What SDKs read: docs/tools.md, "Which client reads what".
 */

const nothingOnDisk: FixedText = 'On disk: nothing.'
const renewsWhileRunning = (profile: string) =>
  t('Renews: yes, while the program runs and the sign-in is valid; then: {command}', {
    command: loginCommand(profile),
  })
const askedOnLoopback: FixedText =
  'On disk: nothing. The SDK asks a server on loopback that ends with the program.'

export const sdk: Recipe = {
  exec: ['--server'],
  command: [],
  comments: [
    'Runs a program whose Alibaba Cloud SDK takes its credentials from sesame and renews them:',
    '  with-sesame.sh node app.js',
  ],
  notes: (profile) => [
    renewsWhileRunning(profile),
    t(askedOnLoopback),
    t(
      'A mode External profile in ~/.aliyun/config.json works for SDKs too, except in Java, but they write the secrets into that file.',
    ),
  ],
}

export const python: Recipe = {
  exec: ['--server'],
  command: [],
  comments: [
    'Runs a Python program whose SDK takes its credentials from sesame and renews them:',
    '  with-sesame.sh python app.py',
    'alibabacloud_credentials, and the SDKs that are given its client, need nothing else:',
    '  from alibabacloud_credentials.client import Client',
    '  client = Client()',
    'oss2 asks it through a provider, which renews too:',
    '  class Sesame(oss2.credentials.CredentialsProvider):',
    '      def get_credentials(self):',
    '          c = client.get_credential()',
    '          return oss2.credentials.Credentials(c.access_key_id, c.access_key_secret, c.security_token)',
    '  auth = oss2.ProviderAuthV4(Sesame())',
    'SLS and PyODPS take keys as arguments: client.get_credential() has them.',
  ],
  notes: (profile) => [renewsWhileRunning(profile), t(askedOnLoopback)],
}

export const java: Recipe = {
  exec: ['--server'],
  command: [],
  comments: [
    'Runs a Java program whose SDK takes its credentials from sesame and renews them:',
    '  with-sesame.sh java -jar app.jar',
    'credentials-java needs nothing else: new com.aliyun.credentials.Client().',
    'The SDKs of OSS, SLS and MaxCompute ask no credentials URI: give them what that client returns,',
    'or start them with "sesame exec --profile NAME -- java …", where OSS finds OSS_ACCESS_KEY_ID and the like.',
  ],
  notes: (profile) => [
    renewsWhileRunning(profile),
    t(askedOnLoopback),
    t('Do not use a mode External profile of ~/.aliyun/config.json: the released Java SDKs refuse it.'),
  ],
}

export const go: Recipe = {
  exec: [],
  command: [],
  comments: [
    'Runs a Go program with credentials in its environment: with-sesame.sh ./app',
    'To renew, start it with "sesame exec --server" and name the type; the default chain of credentials-go fails',
    'when several goroutines ask it for the first time at once:',
    '  credentials.NewCredential(new(credentials.Config).SetType("credentials_uri").',
    '      SetURLCredential(os.Getenv("ALIBABA_CLOUD_CREDENTIALS_URI")))',
  ],
  notes: () => [
    t(
      'Renews: at each start; with "sesame exec --server" and type credentials_uri, as the script says, while the program runs.',
    ),
    t(nothingOnDisk),
  ],
}

export const terraform: Recipe = {
  exec: [],
  command: ['terraform'],
  comments: [
    'Runs Terraform with credentials in its environment only: terraform.sh plan',
    'They serve the provider and the state, so neither block names any (access_key, secret_key, profile …):',
    '  terraform { backend "oss" { bucket = "…" region = "…" } }',
    '  provider "alicloud" { region = "…" }',
    'The backend "oss" reads nothing but ALICLOUD_ACCESS_KEY, ALICLOUD_SECRET_KEY and ALICLOUD_SECURITY_TOKEN.',
  ],
  notes: (profile) => [
    t('Renews: at each start. Terraform reads credentials once: a run that outlasts them fails.'),
    t(
      'On disk: nothing. Do not use profile = "{profile}" of ~/.aliyun/config.json in mode External: the provider',
      { profile },
    ),
    t('writes the secrets into that file.'),
  ],
}
