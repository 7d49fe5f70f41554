import assert from 'node:assert/strict'
import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import {
  existsSync,
  globSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { createServer } from 'node:http'
import { isBuiltin } from 'node:module'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { createInterface } from 'node:readline'
import type { Readable } from 'node:stream'
import { text } from 'node:stream/consumers'
import { describe, it, type TestContext } from 'node:test'
import { fileURLToPath } from 'node:url'

import { copyApp } from './copy-app.ts'
import { type Project, readProjects, workspaceRoot } from './projects.ts'
import { nameOf, readImports, readResolved } from './read-imports.ts'

const main = fileURLToPath(new URL('./take.ts', import.meta.url))
const apps = readProjects(workspaceRoot).filter(({ kind }) => kind !== undefined && kind !== 'tool')

function findApp(name: string): Project {
  const app = apps.find((candidate) => candidate.name === name)
  assert.ok(app)
  return app
}

/** The command, called in `folder`. */
function runTake(folder: string, ...args: string[]) {
  const env = { ...process.env, INIT_CWD: folder }
  const { status, stdout, stderr } = spawnSync(process.execPath, [main, ...args], {
    env,
    encoding: 'utf8',
  })
  return { status, stdout, stderr }
}

function createFolder(t: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), 'take-'))
  t.after(() => rmSync(folder, { recursive: true }))
  return folder
}

/** What `npm install` would make, of the packages that are installed here. */
function install(folder: string): void {
  const manifests = readManifests(folder)
  const own = manifests.map(({ path, name }) => [name, join(folder, path)] as const)
  const others = manifests
    .flatMap(({ dependencies }) => Object.keys(dependencies))
    .filter((name) => !own.some(([taken]) => taken === name))
    .map((name) => [name, join(workspaceRoot, 'node_modules', name)] as const)
  for (const [name, target] of new Map([...own, ...others])) {
    const link = join(folder, 'node_modules', name)
    mkdirSync(dirname(link), { recursive: true })
    symlinkSync(target, link, 'junction')
  }
}

function readManifests(folder: string) {
  return globSync('{apps,libs}/*/package.json', { cwd: folder }).map((file) => ({
    path: dirname(file),
    ...(readJson(join(folder, file)) as Pick<Project, 'name' | 'dependencies'>),
  }))
}

function readJson(path: string): unknown {
  return JSON.parse(readFileSync(path, 'utf8'))
}

/** Runs what `npm start` runs there, for as long as the test does. */
function start(t: TestContext, folder: string, env: Record<string, string>) {
  const { scripts } = readJson(join(folder, 'package.json')) as { scripts: { start: string } }
  const [, ...args] = scripts.start.split(' ')
  const child = spawn(process.execPath, args, {
    cwd: folder,
    env: { PATH: process.env.PATH, ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  t.after(() => child.kill('SIGKILL'))
  return child
}

/** Where a server listens, as it says. Fails when it ends without saying so. */
async function readPort(stdout: Readable): Promise<string> {
  for await (const line of createInterface(stdout)) {
    const [, port] = /listens on port (\d+)/.exec(line) ?? []
    if (port !== undefined) return port
  }
  throw new Error('it has ended')
}

/** Whoever is left of it. */
function killGroup(leader: number | undefined): void {
  // It has not started, and 0 would be the group of this test.
  if (leader === undefined) return
  try {
    process.kill(-leader, 'SIGKILL')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error
  }
}

/** A token service and an API, as far as client-credentials sees of them. */
async function startServers(t: TestContext): Promise<string> {
  const server = createServer((req, res) => {
    const answers: Readonly<Record<string, object>> = {
      '/.well-known/openid-configuration': { issuer: url, token_endpoint: `${url}/connect/token` },
      '/connect/token': { access_token: 'a', token_type: 'Bearer' },
      '/identity': [{ type: 'sub', value: 'client-credentials' }],
    }
    res.setHeader('Content-Type', 'application/json').end(JSON.stringify(answers[req.url ?? '']))
  }).listen(0, '127.0.0.1')
  t.after(() => server.close())
  await once(server, 'listening')
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  return url
}

describe('npm run take', () => {
  it('takes a program, which runs where it was taken to', async (t) => {
    const folder = createFolder(t)
    const { status, stdout } = runTake(folder, 'client-credentials', 'mine')
    install(join(folder, 'mine'))
    const url = await startServers(t)

    const program = start(t, join(folder, 'mine'), { ISSUER: url, SIMPLE_API_URL: url })

    assert.equal(status, 0)
    assert.match(stdout, /what runs beside it:\n {2}npm start\n$/)
    assert.match(await text(program.stdout), /"value": "client-credentials"/)
  })

  it('takes a web application, which serves its pages there', async (t) => {
    const folder = createFolder(t)
    copyApp(findApp('mvc-basic'), folder)
    install(folder)

    const server = start(t, folder, { PORT: '0' })
    const page = await fetch(`http://127.0.0.1:${await readPort(server.stdout)}/`)

    assert.equal(page.status, 200)
    assert.match(await page.text(), /mvc-basic/)
    assert.ok(existsSync(join(folder, 'data/mvc-basic')), 'its sessions are in its own folder')
  })

  // Windows has no signal that asks a process to stop.
  if (process.platform !== 'win32')
    it('takes a web application that stops when its npm is asked to', async (t) => {
      const folder = createFolder(t)
      copyApp(findApp('mvc-basic'), folder)
      install(folder)
      const npm = spawn('npm', ['start'], {
        cwd: folder,
        env: { PATH: process.env.PATH, PORT: '0' },
        stdio: ['ignore', 'pipe', 'inherit'],
        detached: true,
      })
      t.after(() => killGroup(npm.pid))
      await readPort(npm.stdout)

      npm.kill('SIGTERM')

      // It ends when nobody is left who could write there.
      await once(npm.stdout.resume(), 'close')
    })

  it('lists what can be taken', () => {
    const { status, stdout } = runTake(workspaceRoot)

    assert.equal(status, 0)
    for (const { name, description } of apps)
      assert.match(stdout, new RegExp(`  ${name} +${description}`))
    assert.doesNotMatch(stdout, /inspector/)
  })

  it('names what is near a name that is not there', (t) => {
    const { status, stderr } = runTake(createFolder(t), 'mvc-jar', 'mine')

    assert.equal(status, 1)
    assert.match(stderr, /^there is no mvc-jar\. There is:\n {2}mvc-back[\s\S]+mvc-jar-jwt/)
    assert.doesNotMatch(stderr, /introspection/)
  })

  it('says how its port is left to it, and where the token service looks for its key', (t) => {
    const folder = createFolder(t)
    const { stdout } = runTake(folder, 'mvc-jar-jwt', 'mine')
    const readme = readFileSync(join(folder, 'mine/README.md'), 'utf8')

    assert.ok(readme.includes('`DATA_DIR="<samples>/data" npm start`'))
    assert.ok(stdout.includes(`  DATA_DIR="${join(workspaceRoot, 'data')}" npm start\n`))
    assert.match(stdout, /\n {2}npm start -- --without mvc-jar-jwt\n$/)
  })

  it('takes no name with spaces for two', (t) => {
    const folder = createFolder(t)
    const { status, stderr } = runTake(folder, 'mvc-basic', 'my', 'app')

    assert.equal(status, 1)
    assert.match(stderr, /^one folder, not my and app;/)
    assert.deepEqual(readdirSync(folder), [])
  })

  it('says in a sentence why it fails', (t) => {
    const folder = createFolder(t)
    writeFileSync(join(folder, 'mine.txt'), '')
    const { status, stderr } = runTake(folder, 'mvc-basic', 'mine.txt/app')

    assert.equal(status, 1)
    assert.match(stderr, /^mvc-basic cannot be copied: [^\n]+\n$/)
  })

  it('overwrites nothing', (t) => {
    const folder = createFolder(t)
    writeFileSync(join(folder, 'mine.txt'), '')

    for (const [path, complaint] of [
      [folder, /is not empty/],
      [join(folder, 'mine.txt'), /is a file/],
      [join(workspaceRoot, 'apps/mine'), /is inside this workspace/],
    ] as const) {
      const { status, stderr } = runTake(folder, 'mvc-basic', path)
      assert.equal(status, 1)
      assert.match(stderr, complaint)
    }
    assert.ok(!existsSync(join(workspaceRoot, 'apps/mine')))
  })
})

describe('what is taken', () => {
  for (const app of apps)
    it(`has all that it imports, and asks no registry for ours: ${app.name}`, (t) => {
      const folder = createFolder(t)
      copyApp(app, folder)

      assert.deepEqual(findMissing(folder), [])
      assert.deepEqual(findAsked(folder), [])
      assert.deepEqual(globSync('**/*.test*.ts', { cwd: folder }), [])
      assert.deepEqual(findCommandsOfNx(folder), [])
    })
})

/** What the files of a workspace import and would not find there. */
function findMissing(folder: string): string[] {
  return readManifests(folder).flatMap(({ path, dependencies }) =>
    globSync(`${path}/src/**/*.ts`, { cwd: folder }).flatMap((file) => {
      const source = readFileSync(join(folder, file), 'utf8')
      const specifiers = [...readImports(source), ...readResolved(source)]
      return specifiers
        .map(({ specifier }) => specifier)
        .filter((specifier) =>
          specifier.startsWith('.')
            ? !existsSync(join(folder, dirname(file), specifier))
            : !isBuiltin(specifier) && !(nameOf(specifier) in dependencies),
        )
        .map((specifier) => `${file}: ${specifier}`)
    }),
  )
}

/** The files that tell to use Nx, which is not there. */
function findCommandsOfNx(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((path) => readFileSync(path, 'latin1').includes('npx nx'))
}

/** The packages of this workspace that npm would look for anywhere but in their folder. */
function findAsked(folder: string): string[] {
  return readManifests(folder).flatMap(({ path, dependencies }) =>
    Object.entries(dependencies)
      .filter(([name]) => name.startsWith('@basics/'))
      .filter(([name, version]) => {
        const library = join(folder, path, version.replace(/^file:/, ''), 'package.json')
        return !existsSync(library) || (readJson(library) as Project).name !== name
      })
      .map(([name, version]) => `${path}: ${name} ${version}`),
  )
}
