import { expect, test } from 'vitest'
import { whyNotLoaded } from '../../src/store/keyring-binding.ts'

const search =
  'Cannot find native binding. npm has a bug related to optional dependencies. Please try `npm i` again.'

test.each<[string, NodeJS.Platform, string[], RegExp]>([
  [
    'Windows without the Visual C++ runtime',
    'win32',
    ['找不到指定的模块.\r\n\\\\?\\C:\\x\\keyring.win32-x64-msvc.node', search],
    /^找不到指定的模块 \(if it is missing, install the Microsoft Visual C\+\+ Redistributable\)$/,
  ],
  [
    'a file for another processor',
    'darwin',
    [
      "Cannot find module './keyring.darwin-universal.node'\nRequire stack:\n- /x",
      "dlopen(/x/keyring.node, 0x0001): tried: '/x/keyring.node' (mach-o file, but is an incompatible architecture)",
    ],
    /^dlopen.*incompatible architecture\)$/,
  ],
  [
    'a missing optional package',
    'darwin',
    ["Cannot find module '@napi-rs/keyring-darwin-arm64'\nRequire stack:\n- /x", search],
    /^@napi-rs\/keyring-darwin-\w+ is not installed; .*--omit=optional/,
  ],
  ['a missing package', 'win32', [], /^@napi-rs\/keyring-win32-\w+-msvc is not installed/],
  ['words that would move the cursor', 'darwin', ['bad \u001b[2J file.'], /^bad \\u001b\[2J file$/],
])('[case 183] %s: the reason, and what helps', (_, platform, messages, expected) => {
  expect(whyNotLoaded(messages, platform)).toMatch(expected)
})
