import { ensureBuilt } from './build.ts'
import { createNarrator } from './narrator.ts'
import { proofSteps } from './proof-steps.ts'
import { signInSteps } from './sign-in-steps.ts'
import { openStage, type Stage } from './stage.ts'

/*
 * `npm run demo`: sesame as a new user meets it, against a mock portal and a real keychain made for this run. Every
 * command is run, every claim is checked; the first that does not hold ends the demo with exit code 1.
 */

const steps = [...signInSteps, ...proofSteps]
const narrator = createNarrator(process.stdout, process.env)
const startedAt = performance.now()
let doing = 'building the program'
let stage: Stage | undefined

try {
  ensureBuilt()
  doing = 'starting the mock portal and the keychain'
  stage = await openStage()
  narrator.say('sesame: sign in once; short-lived credentials rest in the keychain until they expire.')
  narrator.say(
    'Everything here runs on this machine, in a home of its own: a mock of the CloudSSO portal, a real keychain. No account is needed.',
  )
  for (const [index, step] of steps.entries()) {
    doing = `step ${index + 1} (${step.title})`
    narrator.step(index + 1, step.title)
    await step.play({ stage, narrator })
  }
  doing = 'cleaning up'
  await stage.close()
  const seconds = ((performance.now() - startedAt) / 1000).toFixed(1)
  narrator.say(`\nDone in ${seconds} s. The portal, the keychain and the home are gone again.`)
} catch (error) {
  process.stderr.write(`\ndemo: ${doing} failed: ${error instanceof Error ? error.message : String(error)}\n`)
  process.exitCode = 1
  if (doing !== 'cleaning up') await stage?.close()
}
