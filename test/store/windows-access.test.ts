import { expect, test } from 'vitest'
import { strangersIn } from '../../src/store/windows-access.ts'

const user = 'S-1-5-21-3623811015-3361044348-30300820-1013'
const own = `(A;OICI;FA;;;${user})`

test.each<[string, string, string[]]>([
  ['a profile as Windows makes it', `O:${user}D:(A;OICIID;FA;;;SY)(A;OICIID;FA;;;BA)${own}`, []],
  ['an owner among the administrators', `O:BAG:SYD:PAI(A;;FA;;;SY)${own}`, []],
  ['readers', `O:${user}D:(A;;0x1200a9;;;WD)(A;;FR;;;BU)(A;;FX;;;AU)(A;;GRGX;;;AC)${own}`, []],
  [
    'the installer of Windows',
    `O:${user}D:(A;;FA;;;S-1-5-80-956008885-3418522649-1831038044-1853292631-2271478464)`,
    [],
  ],
  ['everyone', `O:${user}D:(A;OICI;FA;;;WD)`, ['WD']],
  ['users who change files', `O:${user}D:AI(A;ID;0x1301bf;;;AU)${own}`, ['AU']],
  ['users who add files', `O:${user}D:(A;CI;0x100006;;;BU)`, ['BU']],
  ['one who may delete', `O:${user}D:(A;;SD;;;S-1-5-21-1-2-3-1001)`, ['S-1-5-21-1-2-3-1001']],
  ['one who may change the rights', `O:${user}D:(A;;RCWD;;;IU)(A;;WO;;;LG)`, ['IU', 'LG']],
  ['generic rights', `O:${user}D:(A;;GA;;;WD)(A;;GW;;;BU)`, ['WD', 'BU']],
  ['letters that are not known', `O:${user}D:(A;;ZZ;;;WD)`, ['WD']],
  ['a conditional entry', `O:${user}D:(XA;;FA;;;WD;(@USER.x == "y"))`, ['WD']],
  ['what others are denied', `O:${user}D:(D;;FA;;;WD)(A;OICI;FA;;;SY)`, []],
  ['what only holds for what is made there', `O:${user}D:(A;OICIIO;FA;;;WD)(A;OICIIO;GA;;;CO)`, []],
  ['another owner', `O:S-1-5-21-1-2-3-1001D:${own}`, ['S-1-5-21-1-2-3-1001']],
  ['no list at all, as on FAT', `O:${user}`, ['WD']],
  ['a list that is switched off', `O:${user}D:NO_ACCESS_CONTROL`, ['WD']],
  ['an empty list', `O:${user}D:P`, []],
])('%s', (_, descriptor, strangers) => {
  expect(strangersIn(descriptor, user)).toEqual(strangers)
})
