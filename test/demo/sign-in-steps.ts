import { approveByReader, approveByScript } from './approval.ts'
import { must, type Scene, type Step, show } from './step.ts'
import { openYourBrowser } from './your-browser.ts'

const configure: Step = {
  title: 'Configure, once',
  async play(scene) {
    await show(`sesame configure --profile dev --signin-url ${scene.stage.portal.signInUrl}`, scene)
    scene.narrator.explain(
      'One small file, without any secret. The address is all that sesame needs to know.',
    )
  },
}

const signIn: Step = {
  title: 'Sign in, in the browser',
  async play(scene) {
    const { stage, narrator } = scene
    const browser = openYourBrowser(stage.home)
    const line = 'sesame login --profile dev'
    if (browser !== undefined) {
      const ended = new AbortController()
      const approval = approveByReader(stage, ended.signal)
      await show(line, scene, { env: browser, stderr: 'terminal' })
      ended.abort()
      await approval
    } else {
      let approval: Promise<void> | undefined
      await show(line, scene, {
        onStderrLine(said) {
          narrator.output(said)
          // The last line before it waits: by then everything is on the screen.
          if (said.startsWith('The browser was not opened')) approval = approveByScript(stage)
        },
      })
      must(approval !== undefined, 'login should show the address and wait for the approval')
      await approval
    }
    must(stage.portal.violations.length === 0, 'the portal should find no fault with the client')
    narrator.explain('The credentials are real output; this demo shortens each secret to four characters.')
  },
}

const cached: Step = {
  title: 'Again: nobody is asked',
  async play(scene) {
    const before = scene.stage.portal.requests.length
    const { ms } = await show('sesame login --profile dev', scene)
    const requests = scene.stage.portal.requests.length - before
    must(requests === 0, 'a cached login should send no request')
    scene.narrator.explain(`From the keychain: 0 requests went out, ${Math.round(ms)} ms from start to exit.`)
  },
}

const shell: Step = {
  title: 'In a shell',
  async play({ stage, narrator }: Scene) {
    const lines = ['eval "$(sesame login --env)"', `echo "\${ALIBABA_CLOUD_ACCESS_KEY_ID}"`]
    const { code, stdout, stderr } = await stage.run(lines.join('\n'))
    for (const line of lines) narrator.command(line)
    narrator.output(stderr)
    narrator.output(stdout)
    must(code === 0 && /^STS\.\w+\n$/.test(stdout), 'bash should know the access key id after the eval')
    narrator.explain(
      'bash has it now, and so has everything that reads these variables: SDKs, aliyun, Terraform.',
    )
  },
}

export const signInSteps: readonly Step[] = [configure, signIn, cached, shell]
