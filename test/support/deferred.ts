/** A promise that is settled from outside, as `Promise.withResolvers` makes it where the runtime has that. */
export interface Deferred<T> {
  promise: Promise<T>
  resolve(value: T): void
  reject(reason: unknown): void
}

export function deferred<T = void>(): Deferred<T> {
  let settle: Omit<Deferred<T>, 'promise'> | undefined
  const promise = new Promise<T>((resolve, reject) => {
    settle = { resolve, reject }
  })
  return Object.assign({ promise }, settle as Omit<Deferred<T>, 'promise'>)
}
