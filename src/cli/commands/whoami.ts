import { whoAmI } from '../../session/index.ts'
import { type Command, chosenProfile, profileOption } from '../command.ts'
import { exitCodes } from '../exit-codes.ts'

/** `sesame whoami`: whose credentials they are, in the words of STS. */
export const whoamiCommand: Command = {
  name: 'whoami',
  summary: 'ask STS who the credentials of a profile belong to',
  unattended: true,
  options: [profileOption],
  examples: ['sesame whoami --profile dev'],
  async run(input, { session, edges, print }) {
    const identity = await whoAmI(chosenProfile(input, { session, edges }), session)
    print(`${JSON.stringify(identity, null, 2)}\n`)
    return exitCodes.done
  },
}
