import { parseArgs } from 'node:util'
import { ensureBuilt } from './build.ts'
import { openIdaasStage } from './idaas-stage.ts'
import { idaasSteps } from './idaas-steps.ts'
import { createNarrator } from './narrator.ts'
import { openOidcStage } from './oidc-stage.ts'
import { oidcSteps } from './oidc-steps.ts'
import { openPortalStage } from './portal-stage.ts'
import { proofSteps } from './proof-steps.ts'
import { signInSteps } from './sign-in-steps.ts'
import type { Stage } from './stage.ts'
import type { Step } from './step.ts'

/*
 * `npm run demo`: sesame as a new user meets it, against the other side of the wire and a real keychain made for this run;
 * `-- --oidc` at an OIDC provider, `-- --idaas` as an application. Every command is run, every claim is checked; the
 * first that does not hold ends the demo with exit code 1.
 */

const { values } = parseArgs({ options: { oidc: { type: 'boolean' }, idaas: { type: 'boolean' } } })
const narrator = createNarrator(process.stdout, process.env)
const startedAt = performance.now()
let doing = 'building the program'

/** Plays the steps on a stage of their own. */
async function play<S extends Stage>(
  counterpart: string,
  open: () => Promise<S>,
  steps: readonly Step<S>[],
): Promise<void> {
  let stage: S | undefined
  try {
    ensureBuilt()
    doing = `starting ${counterpart} and the keychain`
    stage = await open()
    narrator.say('sesame: sign in once; short-lived credentials are kept in the keychain until they expire.')
    narrator.say(
      `Everything here runs on this machine, in a home of its own: ${counterpart}, a real keychain. No account is needed.`,
    )
    for (const [index, step] of steps.entries()) {
      doing = `step ${index + 1} (${step.title})`
      narrator.step(index + 1, step.title)
      await step.play({ stage, narrator })
    }
    doing = 'cleaning up'
    await stage.close()
    const seconds = ((performance.now() - startedAt) / 1000).toFixed(1)
    narrator.say(`\nDone in ${seconds} s. The servers, the keychain and the home are gone again.`)
  } catch (error) {
    process.stderr.write(
      `\ndemo: ${doing} failed: ${error instanceof Error ? error.message : String(error)}\n`,
    )
    process.exitCode = 1
    if (doing !== 'cleaning up') await stage?.close()
  }
}

if (values.oidc) await play('an OIDC provider, a mock of STS', openOidcStage, oidcSteps)
else if (values.idaas) await play('mocks of IDaaS and STS', openIdaasStage, idaasSteps)
else await play('a mock of the CloudSSO portal', openPortalStage, [...signInSteps, ...proofSteps])
