import { approveByReader, scriptedPerson } from './approval.ts'
import type { PortalStage } from './portal-stage.ts'
import { must, type Scene, type Step, show } from './step.ts'
import { openYourBrowser } from './your-browser.ts'

const configure: Step<PortalStage> = {
  title: 'Configure, once',
  async play(scene) {
    await show(`sesame configure --profile dev --signin-url ${scene.stage.portal.signInUrl}`, scene)
    scene.narrator.explain('The address is all that sesame needs: one small file, no secret in it.')
  },
}

const signIn: Step<PortalStage> = {
  title: 'Sign in, in the browser',
  async play(scene) {
    const { stage, narrator } = scene
    const browser = openYourBrowser(stage.home)
    const line = 'sesame login --profile dev'
    if (browser === undefined) {
      const person = scriptedPerson(stage)
      await show(line, scene, {
        onStderrLine(said) {
          narrator.output(said)
          person.reads(said)
        },
      })
      await person.done()
    } else {
      const ended = new AbortController()
      const approval = approveByReader(stage, ended.signal)
      await show(line, scene, { env: browser, stderr: 'terminal', timeoutMs: 90_000 })
      ended.abort()
      await approval
    }
    must(stage.portal.violations.length === 0, 'the portal should find no fault with the client')
    narrator.explain('Real output; only the demo shortens each secret to four characters.')
  },
}

const cached: Step<PortalStage> = {
  title: 'Again: without a prompt',
  async play(scene) {
    const before = scene.stage.portal.requests.length
    const { ms } = await show('sesame login --profile dev', scene)
    const requests = scene.stage.portal.requests.length - before
    must(requests === 0, 'a cached login should send no request')
    scene.narrator.explain(`From the keychain: 0 requests went out, ${Math.round(ms)} ms from start to exit.`)
  },
}

const shell: Step<PortalStage> = {
  title: 'In a shell',
  async play({ stage, narrator }: Scene<PortalStage>) {
    const lines = ['eval "$(sesame login --env)"', `echo "\${ALIBABA_CLOUD_ACCESS_KEY_ID}"`]
    const { code, stdout, stderr } = await stage.run(lines.join('\n'))
    for (const line of lines) narrator.command(line)
    narrator.output(stderr)
    narrator.output(stdout)
    must(code === 0 && /^STS\.\w+\n$/.test(stdout), 'bash should know the access key id after the eval')
    narrator.explain('bash has them now, and whatever it starts: SDKs, aliyun, Terraform.')
  },
}

export const signInSteps: readonly Step<PortalStage>[] = [configure, signIn, cached, shell]
