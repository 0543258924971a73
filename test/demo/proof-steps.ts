import { scriptedPerson } from './approval.ts'
import type { PortalStage } from './portal-stage.ts'
import { findSecrets, findSecretsBelow } from './secret-search.ts'
import type { Stage } from './stage.ts'
import { must, type Step, show } from './step.ts'

const listItems = "secret-tool search --all service sesame 2>&1 >/dev/null | grep -o 'username = .*'"

/** The lines of the log that show the exchange; headers, locks and the store are left out. */
const telling = /sesame:http (?:> POST|> authorization|> \{"Code|< HTTP|< \{)|sesame:(?:device|sts) /

const debug: Step<PortalStage> = {
  title: 'With DEBUG, for a ticket',
  async play({ stage, narrator }) {
    const person = scriptedPerson(stage)
    const line = 'DEBUG=* sesame login --force'
    narrator.command(line)
    const { code, stdout, stderr } = await stage.run(line, { onStderrLine: person.reads })
    must(code === 0, `a forced login with DEBUG should succeed: ${stderr.slice(-300)}`)
    await person.done()
    const lines = stderr.split('\n')
    const excerpt = lines.filter((each) => telling.test(each)).map(withoutDate)
    must(excerpt.length > 10, 'the log should show requests, answers and timing')
    narrator.output(excerpt.join('\n'))
    const secrets = stage.secrets()
    const found = findSecrets(stderr, secrets)
    must(found.length === 0, `no secret should be in the log; found: ${found.join(', ')}`)
    must(findSecrets(stdout, secrets).length > 0, 'the same search should find the secrets on stdout')
    narrator.explain(
      `${excerpt.length} of ${lines.length} lines. All were searched for the ${secrets.length} secrets in play so far, plain and encoded: none found. (On stdout, where they belong, the same search finds them.)`,
    )
  },
}

const rest: Step<Stage> = {
  title: 'Where the secrets are kept',
  async play(scene) {
    const { stage, narrator } = scene
    await show('sesame profile', scene)
    const { stdout } = await show(listItems, scene)
    must(stdout.trim().split('\n').length === 2, 'the keychain should hold two items')
    narrator.explain('Sign-in and credentials are items of the keychain, a real GNOME Keyring.')
    const secrets = stage.secrets()
    const { files, found } = findSecretsBelow(stage.home, secrets)
    must(files > 0 && found.length === 0, `no file should hold a secret; found: ${found.join(', ')}`)
    narrator.explain(
      `All ${files} files of this home were searched for the ${secrets.length} secrets, the keyring's own file too: none found.`,
    )
  },
}

const logout: Step<Stage> = {
  title: 'Sign out',
  async play(scene) {
    await show('sesame logout', scene)
    const { stdout } = await scene.stage.run(listItems)
    must(stdout === '', 'the keychain should hold nothing of sesame after the logout')
    scene.narrator.explain('The keychain holds nothing of sesame any more.')
  },
}

export const proofSteps: readonly Step<PortalStage>[] = [debug, rest, logout]

/** The time of day says enough in a narrow column. */
function withoutDate(line: string): string {
  return line.replace(/^\d{4}-\d\d-\d\dT/, '')
}
