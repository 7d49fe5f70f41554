/**
 * Loaded into a program before its own code (`node --import @basics/inspector/record`): records the HTTP
 * exchanges that the program makes by `fetch` and serves by `node:http`, with their secrets, and sends
 * them to the inspector on this machine. The program does not notice, and need not be written for it.
 *
 * `INSPECTOR_URL` says where the inspector is (default: http://localhost:5010). Never in production.
 */
import { inspectorUrl } from './inspector-url.ts'
import { readAppName } from './recorder/app-name.ts'
import { findObjection } from './recorder/objection.ts'
import { recordFetched } from './recorder/record-fetched.ts'
import { recordServed } from './recorder/record-served.ts'
import { openReporter } from './recorder/reporter.ts'

const objection = findObjection(inspectorUrl)
if (objection !== undefined) {
  process.stderr.write(`${objection}\n`)
  process.exit(1)
}

const app = readAppName(process.argv[1])
const recorders = [recordFetched, recordServed].map((record) => record(app, (each) => report(each)))
const report = openReporter(inspectorUrl, {
  start: () => {
    for (const recorder of recorders) recorder.start()
  },
  stop: () => {
    for (const recorder of recorders) recorder.stop()
  },
})
