import { setTimeout as sleep } from 'node:timers/promises'
import { auditorArn, developerArn, type OidcStage, providerArn } from './oidc-stage.ts'
import { findSecretsBelow } from './secret-search.ts'
import { must, type Step, show } from './step.ts'
import { openYourBrowser } from './your-browser.ts'

/** How long the reader's browser may take before the scripted person signs in. */
const personPatienceMs = 60_000

const configure: Step<OidcStage> = {
  title: 'Configure, once',
  async play(scene) {
    const { oidc, sts } = scene.stage
    const words = [`--issuer ${oidc.issuer}`, '--client-id sesame-cli', `--role-arn ${developerArn}`]
    const more = [`--oidc-provider-arn ${providerArn}`, `--sts-endpoint ${sts.url}`]
    await show(`sesame configure --profile corp ${[...words, ...more].join(' ')}`, scene)
    scene.narrator.explain('Any OIDC provider, and the role that its users may take. No secret in it.')
  },
}

const signIn: Step<OidcStage> = {
  title: 'Sign in at the provider',
  async play(scene) {
    const { stage, narrator } = scene
    const browser = openYourBrowser(stage.home)
    const line = 'sesame login --profile corp'
    if (browser === undefined) {
      let approval: Promise<void> | undefined
      await show(line, scene, {
        onStderrLine(said) {
          narrator.output(said)
          if (said.includes('Approve only if')) approval ??= approve(stage)
        },
      })
      await approval
      narrator.explain(
        'Without a display: a code for any browser (device authorization). With one, it opens by itself.',
      )
    } else await show(line, scene, { env: browser, stderr: 'terminal', timeoutMs: personPatienceMs })
    must(stage.oidc.violations.length === 0, 'the provider should find no fault with the client')
    must(stage.sts.calls.length === 1, 'the ID token should have been exchanged at STS once')
    narrator.explain('The ID token went to STS in the body of one request, and credentials came back.')
  },
}

async function approve({ oidc }: OidcStage): Promise<void> {
  await sleep(300)
  const [userCode] = oidc.pendingUserCodes()
  if (userCode === undefined) return
  await oidc.approve(userCode)
  process.stderr.write(`   (a scripted person opened the page, compared ${userCode}, signed in and agreed)\n`)
}

const cached: Step<OidcStage> = {
  title: 'Again: without a prompt',
  async play(scene) {
    const { oidc, sts } = scene.stage
    const before = oidc.requests.length + sts.requests.length
    const { ms } = await show('sesame login', scene)
    must(oidc.requests.length + sts.requests.length === before, 'a cached login should send no request')
    scene.narrator.explain(`From the keychain: 0 requests went out, ${Math.round(ms)} ms from start to exit.`)
  },
}

const chain: Step<OidcStage> = {
  title: 'A role upon the role',
  async play(scene) {
    const role = `--role-arn ${auditorArn} --sts-endpoint ${scene.stage.sts.url}`
    await show(`sesame configure --profile audit --source-profile corp ${role}`, scene)
    await show('sesame whoami --profile audit', scene)
    scene.narrator.explain(
      'AssumeRole with the credentials of corp, signed by sesame itself, renewed with them.',
    )
  },
}

const tokens: Step<OidcStage> = {
  title: 'The tokens themselves',
  async play(scene) {
    const { issuer, url } = scene.stage.oidc
    const verify = `sesame token verify --issuer ${issuer} --audience sesame-cli --jwks ${url}/jwks`
    await show(`sesame token get --profile corp --id | ${verify}`, scene)
    scene.narrator.explain('Verified with the keys of the provider: signature, issuer, audience, times.')
  },
}

const logout: Step<OidcStage> = {
  title: 'Sign out',
  async play(scene) {
    const { stage, narrator } = scene
    const { files, found } = findSecretsBelow(stage.home, stage.secrets())
    must(files > 0 && found.length === 0, `no file should hold a secret; found: ${found.join(', ')}`)
    await show('sesame logout --all', scene)
    must(
      stage.oidc.log.some(({ kind }) => kind === 'revoked'),
      'the tokens should be revoked',
    )
    narrator.explain(
      `Before, all ${files} files of this home were searched for the ${stage.secrets().length} secrets: none found.`,
    )
  },
}

export const oidcSteps: readonly Step<OidcStage>[] = [configure, signIn, cached, chain, tokens, logout]
