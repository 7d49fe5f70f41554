/**
 * Whether an answer has to be waited for. By its `then`, as `await` does it: a promise of a library, such as
 * an ORM's, is none of the language's own class.
 */
export function isPromise(answer: unknown): answer is PromiseLike<unknown> {
  return (
    typeof answer === 'object' &&
    answer !== null &&
    'then' in answer &&
    typeof answer.then === 'function'
  )
}
