import { describe, it } from 'node:test'

import { besideNeighbours } from './bad-neighbours.ts'
import { besideDeadReceiver } from './dead-receiver.ts'
import { fuzz } from './fuzz.ts'
import { stopUnderLoad } from './graceful-stop.ts'
import { besideHangingIssuer } from './hanging-issuer.ts'
import { killUnderLoad } from './kill.ts'
import { soak } from './soak.ts'

// The scripts beside this file, for seconds rather than minutes. Each has a process of its own. The first two wait, most
// of the time, so that no more than two others have the processor at once.
describe('the token service', { concurrency: 4 }, () => {
  it('is late, hangs or is gone, and an API accepts the tokens that it checks by itself', (t) =>
    besideHangingIssuer({
      seconds: 1,
      warmUp: 0.2,
      asking: 10,
      isQuiet: false,
      print: (line) => t.diagnostic(line),
    }))

  it('serves others beside slow, idle and deaf connections', (t) =>
    besideNeighbours({
      connections: 500,
      seconds: 0.5,
      warmUp: 0.2,
      waits: false,
      isQuiet: false,
      print: (line) => t.diagnostic(line),
    }))

  it('does every flow again and again, without an error', (t) =>
    soak({
      seconds: 1,
      warmUp: 1,
      residueMeasurements: 1,
      isQuiet: false,
      print: (line) => t.diagnostic(line),
    }))

  it('withstands 900 hostile requests', (t) =>
    // Of so few requests the shares of each kind are a matter of chance, but the same for a seed.
    fuzz({ requests: 900, perRound: 300, seed: 4, print: (line) => t.diagnostic(line) }))

  it('keeps what it has acknowledged when it is killed', (t) =>
    killUnderLoad({ kills: 1, print: (line) => t.diagnostic(line) }))

  it('stops in good order under load', (t) =>
    stopUnderLoad({
      stops: 1,
      heldRequests: 20,
      slowestBody: 1_500,
      underLoad: 300,
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
})
