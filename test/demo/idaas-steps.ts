import { type IdaasStage, providerArn, robotArn } from './idaas-stage.ts'
import { findSecretsBelow } from './secret-search.ts'
import { must, type Step, show } from './step.ts'

const configure: Step<IdaasStage> = {
  title: 'Configure the application, once',
  async play(scene) {
    const { idaas, sts, appSecret } = scene.stage
    const { url, applicationUuid, appKey } = idaas.application
    const words = [
      `--idaas-url ${url} --application-uuid ${applicationUuid} --app-key ${appKey}`,
      '--public-key public-key.json --app-secret-stdin',
      `--role-arn ${robotArn} --oidc-provider-arn ${providerArn} --sts-endpoint ${sts.url}`,
    ]
    const line = `printenv APP_SECRET | sesame configure --profile api ${words.join(' ')}`
    await show(line, scene, { env: { APP_SECRET: appSecret } })
    scene.narrator.explain('The secret came by a pipe and is kept in the keychain; the key is public.')
  },
}

const token: Step<IdaasStage> = {
  title: 'The ID token',
  async play(scene) {
    const { idaas } = scene.stage
    await show('sesame token get --profile api', scene)
    const before = idaas.requests.length
    await show('sesame token get --profile api | sesame token verify --profile api', scene)
    must(idaas.requests.length === before, 'a fresh token should come from the store')
    must(idaas.violations.length === 0, 'IDaaS should find no fault with the client')
    scene.narrator.explain(
      'Fetched once, then from the keychain; verified with the public key of the application.',
    )
  },
}

const refreshed: Step<IdaasStage> = {
  title: 'Credentials, without a person',
  async play(scene) {
    const { sts } = scene.stage
    await show('sesame credentials --profile api', scene)
    await show('sesame exec --profile api -- printenv ALIBABA_CLOUD_ACCESS_KEY_ID', scene)
    must(sts.calls.length === 1, 'STS should have been asked once')
    scene.narrator.explain(
      'The ID token became credentials of a role; login, exec and serve work the same way.',
    )
  },
}

const end: Step<IdaasStage> = {
  title: 'Where the secrets are kept',
  async play(scene) {
    const { stage, narrator } = scene
    await show('sesame profile', scene)
    const { files, found } = findSecretsBelow(stage.home, stage.secrets())
    must(files > 0 && found.length === 0, `no file should hold a secret; found: ${found.join(', ')}`)
    narrator.explain(
      `All ${files} files of this home were searched for the ${stage.secrets().length} secrets: none found.`,
    )
    await show('sesame profile delete api', scene)
    const { stdout } = await stage.run(
      "secret-tool search --all service sesame 2>&1 >/dev/null | grep 'username = '",
    )
    must(stdout === '', 'the keychain should hold nothing of sesame any more')
    narrator.explain('The keychain holds nothing of sesame any more.')
  },
}

export const idaasSteps: readonly Step<IdaasStage>[] = [configure, token, refreshed, end]
