import { printable } from '../../../kit/index.ts'
import { type Command, profileOption } from '../../command.ts'
import { exitCodes } from '../../exit-codes.ts'
import { fileOption, readTokenInput } from './input.ts'
import { readVerification } from './verification.ts'

/** `sesame token verify`: the claims of a token that holds, on stdout; nothing there, and exit 1, for any other. */
export const tokenVerifyCommand: Command = {
  name: 'verify',
  summary: 'verify a token and print its claims as JSON',
  usage: '[-]',
  maxPositionals: 1,
  options: [
    fileOption,
    { name: 'issuer', value: 'URL', summary: 'who must have issued it, letter by letter' },
    { name: 'audience', value: 'NAME', summary: 'for whom it must be' },
    {
      name: 'jwks',
      value: 'FILE|URL',
      summary: "the issuer's keys (JWK Set)",
      completes: 'file',
    },
    {
      name: 'public-key',
      value: 'FILE',
      summary: 'one pinned key: PEM, X.509, JWK or JWK Set',
      completes: 'file',
    },
    {
      name: 'algorithms',
      value: 'LIST',
      summary: 'accepted signatures, such as RS256,ES256 (default RS256)',
    },
    {
      name: 'clock-tolerance',
      value: 'SECONDS',
      summary: 'how far clocks may be apart (default 300)',
    },
    { name: 'typ', value: 'TYPE', summary: 'the type it must name, such as at+jwt (default: JWT or none)' },
    { ...profileOption, summary: 'an IDaaS profile, which pins the key of its application' },
  ],
  examples: [
    'sesame token verify --issuer https://id.example.com --audience api \\\n    --jwks https://id.example.com/jwks.json < token',
    'sesame token verify --profile api --file token',
  ],
  async run(input, program) {
    const verify = await readVerification(input, program)
    const { claims } = await verify(await readTokenInput(input, program.edges))
    // What must not reach a terminal becomes an escape, which in JSON means the same.
    program.print(`${printable(JSON.stringify(claims), Infinity)}\n`)
    return exitCodes.done
  },
}
