import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { playToScreen } from './record/screen.ts'
import { terminalSvg } from './record/svg.ts'

const size = { cols: 20, rows: 2 }

test('a row is kept as it was at the end, with its columns and colours, from when it was begun', async () => {
  const rows = await playToScreen(
    [
      { atMs: 0, text: 'plain \x1b[1;32mgreen\x1b[0m\r\n账号 7\r\n' },
      { atMs: 900, text: 'wait' },
      { atMs: 950, text: '\rdone' },
    ],
    size,
  )
  expect(rows.map(({ shownAtMs }) => shownAtMs)).toEqual([0, 0, 900])
  expect(rows[0]?.runs).toMatchObject([
    { column: 0, width: 5, text: 'plain', bold: false },
    { column: 6, width: 5, text: 'green', color: 2, bold: true },
  ])
  expect(rows[1]?.runs).toMatchObject([{ column: 0, width: 6, text: '账号 7' }])
  expect(rows[2]?.runs).toMatchObject([{ text: 'done' }])
})

test('the picture scrolls to its last rows, and carries no script and no markup of the session', async () => {
  const rows = await playToScreen([{ atMs: 0, text: 'one\r\n<b onload="x">&\r\nthree' }], size)
  const svg = terminalSvg(rows, { ...size, title: 'a "title"' })
  expect(svg).toContain('translateY(-18px)')
  expect(svg).toContain('&#60;b onload=&#34;x&#34;&#62;&#38;')
  expect(svg).toContain('prefers-reduced-motion')
  expect(svg).not.toMatch(/<script|<b |href|url\(/)
})

test('docs/demo.svg shows the demo, is small and has no scripts', () => {
  const svg = readFileSync(join(import.meta.dirname, '../../docs/demo.svg'), 'utf8')
  expect(svg.length).toBeLessThan(300_000)
  expect(svg).not.toMatch(/<script|href|url\(|\bon[a-z]+=/)
  expect(svg).toContain('$ sesame logout')
  expect(svg).toContain('Done in ')
})
