import { EventEmitter } from 'node:events'
import { describe, expect, test } from 'vitest'
import { forwardSignals } from '../../src/output/child-signals.ts'

const addressed = ['SIGTERM', 'SIGHUP', 'SIGUSR1', 'SIGUSR2', 'SIGCONT']
const fromTerminal = ['SIGINT', 'SIGQUIT', 'SIGWINCH']

function forward(platform: NodeJS.Platform, foreground: boolean) {
  const signals = new EventEmitter()
  const sent: string[] = []
  const stop = forwardSignals({
    signals,
    platform,
    isInForeground: () => foreground,
    send: (signal) => void sent.push(signal),
  })
  return { signals, sent, stop }
}

describe('[case 53] while a child runs', () => {
  test.each(addressed)('%s goes on to it, in the foreground and behind', (signal) => {
    for (const foreground of [true, false]) {
      const { signals, sent } = forward('linux', foreground)
      expect(signals.emit(signal)).toBe(true)
      expect(sent).toEqual([signal])
    }
  })

  test.each(fromTerminal)('%s goes on only where the terminal has not sent it already', (signal) => {
    const front = forward('linux', true)
    expect(front.signals.emit(signal)).toBe(true)
    expect(front.sent).toEqual([])
    const back = forward('linux', false)
    back.signals.emit(signal)
    expect(back.sent).toEqual([signal])
  })

  test('nothing else is listened for, and nothing afterwards', () => {
    const { signals, stop } = forward('darwin', true)
    expect(new Set(signals.eventNames())).toEqual(new Set([...addressed, ...fromTerminal]))
    stop()
    expect(signals.eventNames()).toEqual([])
  })

  test.each(['SIGINT', 'SIGBREAK', 'SIGHUP'])(
    'on Windows %s does not end us, and the console sends it',
    (signal) => {
      const { signals, sent, stop } = forward('win32', false)
      expect(signals.emit(signal)).toBe(true)
      expect(sent).toEqual([])
      stop()
      expect(signals.eventNames()).toEqual([])
    },
  )
})
