/** The store's front door alone, to see what opening it loads. */
export * from '../../../src/store/index.ts'
