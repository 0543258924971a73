import { describe, expect, test } from 'vitest'
import { isExempt } from '../../../src/http/proxy/no-proxy.ts'

describe('[case 83] NO_PROXY', () => {
  test.each([
    ['*', 'example.com', 443],
    ['example.com', 'example.com', 443],
    ['example.com', 'EXAMPLE.com.', 443],
    ['example.com', 'a.b.example.com', 443],
    ['.example.com', 'example.com', 443],
    ['.example.com', 'a.example.com', 443],
    ['*.example.com', 'a.example.com', 443],
    ['a.test, example.com', 'example.com', 443],
    ['a.test  example.com', 'example.com', 443],
    ['Example.Com:8443', 'example.com', 8443],
    ['10.1.2.3', '10.1.2.3', 443],
    ['10.0.0.0/8', '10.1.2.3', 443],
    ['::1', '[::1]', 443],
    ['[fd00::1]', '[fd00::1]', 443],
    ['[fd00::1]:8443', '[fd00::1]', 8443],
    ['fd00:0:0::1', '[fd00::1]', 443],
    ['fd00::/8', '[fd00::1]', 443],
    ['[fd00::]/8', '[fd00::1]', 443],
  ])('%j exempts %s port %i', (noProxy, host, port) => {
    expect(isExempt(noProxy, host, port)).toBe(true)
  })

  test.each([
    ['', 'example.com', 443],
    [' , ,', 'example.com', 443],
    ['.', 'example.com', 443],
    ['example.com', 'notexample.com', 443],
    ['example.com', 'example.com.evil.test', 443],
    ['example.com:8443', 'example.com', 443],
    ['10.0.0.0/8', '11.1.2.3', 443],
    ['10.0.0.0/8', 'ten.example.com', 443],
    ['10.0.0.0/99', '10.1.2.3', 443],
    ['10.0.0.0/x', '10.1.2.3', 443],
    ['fd00::/8', '10.1.2.3', 443],
    ['1.2.3', '10.1.2.3', 443],
    ['[fd00::1]:8443', '[fd00::1]', 443],
  ])('%j does not exempt %s port %i', (noProxy, host, port) => {
    expect(isExempt(noProxy, host, port)).toBe(false)
  })
})
