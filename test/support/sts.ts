import { type Sts, type StsOptions, startSts } from '../../mocks/sts.ts'
import { recordSecrets } from './record.ts'

export interface TestSts extends Sts {
  /** The actions called so far that were answered with success, in order. */
  answered(): string[]
  /** Ends it and puts its secrets on the list of what no output may hold. */
  stop(): Promise<void>
}

/** An STS as the options say; its secrets, and those it was sent, are searched for after the run. */
export async function startTestSts(options: StsOptions = {}): Promise<TestSts> {
  const sts = await startSts(options)
  const answered = () => sts.calls.filter(({ status }) => status === 200).map(({ action }) => action)
  const stop = async () => {
    const tokens = sts.receivedTokens.map((value) => ({ kind: 'id-token', value }))
    const userSecrets = (options.users ?? []).map(({ accessKeySecret }) => ({
      kind: 'access-key-secret',
      value: accessKeySecret,
    }))
    // Made-up ones that are short would be found in any text.
    recordSecrets([...sts.issued, ...tokens, ...userSecrets].filter(({ value }) => value.length >= 24))
    await sts.close()
  }
  // `sts` has live getters: it is extended, not copied.
  return Object.assign(sts, { answered, stop })
}
