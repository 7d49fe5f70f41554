import { describe, it } from 'node:test'

import { besideNeighbours } from './bad-neighbours.ts'
import { besideDeadReceiver } from './dead-receiver.ts'
import { fuzz } from './fuzz.ts'
import { stopUnderLoad } from './graceful-stop.ts'
import { besideHangingIssuer } from './hanging-issuer.ts'
import { killUnderLoad } from './kill.ts'
import { soak } from './soak.ts'

// The scripts beside this file, for seconds rather than minutes. Each has a process of its own.
describe('the token service', { concurrency: true }, () => {
  it('does every flow again and again, without an error', (t) =>
    soak({ seconds: 2, warmUp: 2, isQuiet: false, print: (line) => t.diagnostic(line) }))

  it('withstands 1,200 hostile requests', (t) =>
    fuzz({ requests: 1_200, perRound: 400, print: (line) => t.diagnostic(line) }))

  it('keeps what it has acknowledged when it is killed', (t) =>
    killUnderLoad({ kills: 2, print: (line) => t.diagnostic(line) }))

  it('stops in good order under load', (t) =>
    stopUnderLoad({
      stops: 1,
      heldRequests: 20,
      slowestBody: 1_500,
      isQuiet: false,
      print: (line) => t.diagnostic(line),
    }))

  it('serves others beside slow, idle and deaf connections', (t) =>
    besideNeighbours({
      connections: 500,
      seconds: 0.5,
      warmUp: 0.5,
      waits: false,
      isQuiet: false,
      print: (line) => t.diagnostic(line),
    }))

  it('serves others beside a client that takes no logout', (t) =>
    besideDeadReceiver({
      seconds: 1,
      rate: 12,
      isQuiet: false,
      print: (line) => t.diagnostic(line),
    }))

  it('is late, hangs or is gone, and an API accepts the tokens that it checks by itself', (t) =>
    besideHangingIssuer({
      seconds: 1,
      warmUp: 0.5,
      asking: 10,
      isQuiet: false,
      print: (line) => t.diagnostic(line),
    }))
})
