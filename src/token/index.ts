export { type ClockReading, measureClock, readServerClock } from './clock-skew.ts'
export { defaultMarginSeconds, expiryOf, isFresh, type Lifetime, marginMs, remainingMs } from './lifetime.ts'
