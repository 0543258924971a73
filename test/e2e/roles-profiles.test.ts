import { test } from 'vitest'
import { inFourKinds } from './support/four-kinds.ts'
test('look', inFourKinds(async ({ home }) => {
  const show = async (...words: string[]) => { const r = await home.run(words); console.log('$', words.join(' '), r.code, '\n'+r.stdout, r.stderr) }
  await show('profile')
  await show('doctor')
  await show('login','--profile','auditor')
  await show('login','--profile','api')
  await show('login','--profile','sso')
  await show('profile')
  await show('profile','--json')
  for (const n of ['sso','corp','tokens','api','deployer']) await show('profile','show',n)
  await show('profile','show','auditor', '--json')
  await show('doctor')
}))
