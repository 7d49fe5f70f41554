import { spawnSync } from 'node:child_process'
import { accessSync, chmodSync, constants, mkdirSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { delimiter, join } from 'node:path'
import { fileURLToPath } from 'node:url'

import { chromium } from '@playwright/test'

/** The environment variable that names the browser: set by a person, or by {@link findChromium}'s caller. */
export const executableVariable = 'PLAYWRIGHT_CHROMIUM_EXECUTABLE'

/** Playwright passes the other switches of a quiet run by itself; no server here speaks HTTP/3. */
export const chromiumArguments = ['--disable-quic']

/** In the order of preference: the headless shell starts in half the time of the whole browser. */
const systemNames = [
  'chromium-headless-shell',
  'chrome-headless-shell',
  'chromium',
  'chromium-browser',
  'google-chrome',
  'google-chrome-stable',
]

/** undefined stands for the browser that Playwright finds by itself. */
type Executable = string | undefined

const cache = fileURLToPath(new URL('../../node_modules/.cache/chromium', import.meta.url))
const unpacked = join(cache, 'chromium.sh')
const npmPackage = '@sparticuz/chromium@153.0.0'

/** First the places where a Chromium may be, then the ways to get one. */
const sources: readonly (() => Executable[])[] = [
  () => [undefined, ...findOnPath(), unpacked],
  installWithPlaywright,
  installWithApt,
  installFromNpm,
]

/**
 * Finds a Chromium by starting it, and installs one when none starts.
 *
 * @returns The path of its executable, or undefined when Playwright finds it by itself.
 * @throws Error when there is none and none can be installed, saying what to do.
 */
export async function findChromium(): Promise<string | undefined> {
  const chosen = process.env[executableVariable]
  if (chosen) {
    if (await starts(chosen)) return chosen
    throw new Error(`${executableVariable} is ${chosen}, and no Chromium starts there.`)
  }
  for (const source of sources)
    for (const executable of source()) if (await starts(executable)) return executable
  throw new Error(
    'No Chromium is installed and none could be. Install one (on Debian or Ubuntu, as root: ' +
      `apt-get install chromium-headless-shell), or set ${executableVariable} to the path of yours.`,
  )
}

async function starts(executablePath: Executable): Promise<boolean> {
  try {
    const browser = await chromium.launch({
      args: chromiumArguments,
      timeout: 20_000,
      ...(executablePath !== undefined && { executablePath }),
    })
    try {
      const page = await browser.newPage()
      await page.goto('data:text/html,<title>it starts</title>')
      return (await page.title()) === 'it starts'
    } finally {
      await browser.close()
    }
  } catch {
    return false
  }
}

function findOnPath(): string[] {
  const folders = (process.env.PATH ?? '').split(delimiter)
  return systemNames.flatMap((name) =>
    folders.map((folder) => join(folder, name)).filter(isExecutable),
  )
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}

function installWithPlaywright(): Executable[] {
  const cli = createRequire(import.meta.url).resolve('@playwright/test/cli')
  return run(process.execPath, [cli, 'install', '--only-shell', 'chromium']) ? [undefined] : []
}

function installWithApt(): Executable[] {
  if (process.platform !== 'linux' || process.getuid?.() !== 0) return []
  const install = ['install', '--yes', '--no-install-recommends']
  // Ubuntu has no headless shell, and its "chromium" is a stub that does not start.
  run('apt-get', ['update']) &&
    (run('apt-get', [...install, 'chromium-headless-shell']) ||
      run('apt-get', [...install, 'chromium']))
  return findOnPath()
}

/**
 * A Chromium that needs nothing from the system: its package carries the libraries too, and unpacks
 * them where it takes itself to be on Amazon's Linux, all below the temporary folder.
 */
function installFromNpm(): Executable[] {
  if (process.platform !== 'linux') return []
  mkdirSync(cache, { recursive: true })
  const unpack = 'import chromium from "@sparticuz/chromium"; await chromium.executablePath()'
  const installed =
    run('npm', ['install', '--prefix', cache, '--no-save', '--no-audit', npmPackage]) &&
    run(process.execPath, ['--input-type=module', '--eval', unpack], {
      cwd: cache,
      env: { ...process.env, TMPDIR: cache, AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs24.x' },
    })
  if (!installed) return []
  writeFileSync(
    unpacked,
    `#!/bin/sh\nLD_LIBRARY_PATH='${cache}/al2023/lib' exec '${cache}/chromium' "$@"\n`,
  )
  chmodSync(unpacked, 0o755)
  return [unpacked]
}

function run(
  command: string,
  argumentList: readonly string[],
  options: { cwd?: string; env?: NodeJS.ProcessEnv } = {},
): boolean {
  console.log(`No Chromium yet, trying: ${[command, ...argumentList].join(' ')}`)
  const { status, error, stderr } = spawnSync(command, argumentList, {
    stdio: ['ignore', 'ignore', 'pipe'],
    timeout: 300_000,
    encoding: 'utf8',
    ...options,
    env: { ...(options.env ?? process.env), DEBIAN_FRONTEND: 'noninteractive' },
  })
  if (status !== 0) {
    const reason = stderr.split('\n').find((line) => /error|^E: /i.test(line))
    console.log(`  It did not work: ${error?.message ?? reason ?? `exit code ${status}`}`)
  }
  return status === 0
}
