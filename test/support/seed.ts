import fc from 'fast-check'

/*
 * Properties are tried with the same values in every run, so that a failure can be had again. SESAME_TEST_SEED sets others: any
 * whole number, such as the seed that fast-check prints when a property fails.
 */

export const defaultSeed = 20_261_121

export function seedOf(text: string | undefined): number {
  if (text === undefined || text === '') return defaultSeed
  const seed = Number(text)
  if (Number.isInteger(seed)) return seed
  throw new TypeError('SESAME_TEST_SEED must be a whole number')
}

fc.configureGlobal({ seed: seedOf(process.env.SESAME_TEST_SEED) })
