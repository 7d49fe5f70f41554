/**
 * Answers with a number, each time the next. `BENCH_FAULT` says how it fails: from the tenth answer on as
 * `wrong` (the number is not there), `same` (the number stays) or `exit`; or at the `start`; or not: `none`.
 */
import { serve } from './serve.ts'

if (process.env.BENCH_FAULT === 'start') process.exit(5)

let count = 0

await serve(() => ({
  listener: (_req, res) => {
    const fault = ++count < 10 ? 'none' : process.env.BENCH_FAULT
    if (fault === 'exit') process.exit(3)
    const body = fault === 'wrong' ? '{}' : JSON.stringify({ count: fault === 'same' ? 9 : count })
    res.writeHead(200, { 'Content-Length': body.length }).end(body)
  },
  addGrants: async () => process.exit(4),
}))
