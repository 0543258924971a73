import { printable, t } from '../kit/index.ts'

/** Nothing ever writes a file of this name into the directory of the state. */
export const absentFile = 'no-credentials-file'

/** What is said when proxies are taken from programs that are to ask a credentials server. */
export function saysWithoutProxy(names: readonly string[]): string {
  return t(
    'Not passed on: {names}, as SDKs would send the secret address of the credentials through that proxy.',
    {
      names: names.map((name) => printable(name, 20)).join(t(' and ')),
    },
  )
}
