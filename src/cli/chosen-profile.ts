import type { Program } from '../compose/index.ts'
import { chooseProfileName } from '../profiles/index.ts'
import type { Input } from './command.ts'

/** The profile a command works on: `--profile`, then SESAME_PROFILE, then the current one, then `default`. */
export function chosenProfile(input: Input, { session, edges }: Pick<Program, 'session' | 'edges'>): string {
  return chooseProfileName(session.readConfig(), {
    option: input.text('profile'),
    environment: edges.env.SESAME_PROFILE,
  })
}
