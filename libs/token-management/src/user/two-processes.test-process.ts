/** A web client in a process of its own, which tells the one that started it of each request it gets. */
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

import { createWebApp } from '../../test-support/create-web-app.ts'

/** What the process is started with, as JSON in its first argument. */
export interface ProcessOptions {
  readonly issuer: string
  readonly api: string
  readonly dataFolder: string
}

/** What it tells: where it listens, and then the path of each request. */
export type Report = { readonly url: string } | { readonly path: string }

/** What it is told: how far ahead its clock goes, in seconds. */
export interface ClockAdvance {
  readonly seconds: number
}

const options: ProcessOptions = JSON.parse(process.argv[2] ?? '')
let ahead = 0
process.on('message', ({ seconds }: ClockAdvance) => {
  ahead = seconds
})

const server = createServer().listen(0, '127.0.0.1', () => {
  const baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const now = () => Date.now() / 1000 + ahead
  const { app } = createWebApp({ ...options, baseUrl, now })
  server.on('request', (req, res) => {
    report({ path: req.url ?? '' })
    app(req, res)
  })
  report({ url: baseUrl })
})

function report(message: Report): void {
  process.send?.(message)
}
