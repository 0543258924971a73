/** The store's entry point alone, to see what opening it loads. */
export * from '../../../src/store/index.ts'
