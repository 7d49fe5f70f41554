import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'

import { isServer, type Project } from './projects.ts'

/**
 * The README of an app that was taken: how to run it, its environment, and what came with it.
 *
 * @param readme the app's own, whose table of variables is kept
 * @param hasKey whether it needs the data folder of the token service
 */
export function createAppReadme(
  app: Project,
  libraries: readonly Project[],
  { readme, hasKey }: { readonly readme: string; readonly hasKey: boolean },
): string {
  const { name, description, folder } = app
  const [variables] = /^\| variable \|.*\n(?:\|.*\n)+/m.exec(readme) ?? []
  const contents = libraries.map(
    (library) => `| [${library.folder}](${library.folder}) | ${library.description} |`,
  )
  return `# ${name}

${description}

\`\`\`sh
npm install
npm start      # runs ${folder}/src/main.ts
\`\`\`

Where a service manager or a container runs it, let that run \`node ${folder}/src/main.ts\` itself, with Node 24. Else
the signal to stop goes to npm and its shell, and they do not wait until the program has stopped too.

${describeServers(app, hasKey)}${variables === undefined ? '' : `${unlinkAll(variables)}\n`}| | |
|---|---|
| [${folder}](${folder}) | the program: yours to change |
${contents.join('\n')}

The packages \`@basics/*\` are the folders in \`libs\`. Nobody publishes them: keep \`file:\` in front of what
each \`package.json\` says of them, or npm would ask the registry for the name.
`
}

/** Who it talks to, when it needs any other. */
function describeServers(app: Project, hasKey: boolean): string {
  const { serve = {} } = app.targets as { readonly serve?: ServeTarget }
  const servers = serve.dependsOn?.flatMap(({ projects }) => projects) ?? []
  if (servers.length === 0) return ''
  const { here, there } = describeStart(app, '<samples>', hasKey)
  const talk = `It talks to ${servers.join(' and ')}: unless its environment says otherwise, to those of the samples that it was
taken from, which \`${here}\` starts there.\n\n`
  if (!hasKey) return talk
  return `${talk}It signs with a key of its own, and leaves the public half in its data folder for the token service. So run it with that
of the samples, whose folder stands here as \`<samples>\`: \`${there}\`.\n\n`
}

/**
 * The commands for an app that was taken.
 *
 * @param samples the folder that it was taken from
 * @param hasKey whether it needs the data folder of the token service
 * @returns `here` starts in that folder what it talks to, and `there` the app, where it is now
 */
export function describeStart(app: Project, samples: string, hasKey: boolean) {
  return {
    // Both would listen on the same port.
    here: isServer(app) ? `npm start -- --without ${app.name}` : 'npm start',
    there: hasKey ? `DATA_DIR="${samples.replace(/[\\/]$/, '')}/data" npm start` : 'npm start',
  }
}

interface ServeTarget {
  readonly dependsOn?: readonly { readonly projects: readonly string[] }[]
}

/** Its text, with the links to files that are not beside it replaced by their words. */
export function unlinkMissing(text: string, path: string): string {
  return text.replace(link, (all, words: string, target: string) => {
    const [file = ''] = target.split('#')
    const isThere = /^https?:/.test(target) || existsSync(join(dirname(path), file))
    return isThere ? all : words
  })
}

function unlinkAll(text: string): string {
  return text.replace(link, '$1')
}

const link = /\[([^\]]+)\]\(([^)\s]+)\)/g
