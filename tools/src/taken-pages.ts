import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'

import type { Project } from './projects.ts'

/**
 * The README of an app that was taken: how to run it, its environment, and what came with it.
 *
 * @param readme the app's own, whose table of variables is kept
 */
export function createAppReadme(
  app: Project,
  libraries: readonly Project[],
  readme: string,
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

${describeServers(app)}${variables === undefined ? '' : `${unlinkAll(variables)}\n`}| | |
|---|---|
| [${folder}](${folder}) | the program: yours to change |
${contents.join('\n')}

The packages \`@basics/*\` are the folders in \`libs\`. Nobody publishes them: keep \`file:\` in front of what
each \`package.json\` says of them, or npm would ask the registry for the name.
`
}

/** Who it talks to, when it needs any other. */
function describeServers({ targets }: Project): string {
  const { serve = {} } = targets as { readonly serve?: ServeTarget }
  const servers = serve.dependsOn?.flatMap(({ projects }) => projects) ?? []
  if (servers.length === 0) return ''
  return `It talks to ${servers.join(' and ')}: unless its environment says otherwise, to those of the samples that it was
taken from, which \`npm start\` starts there.

`
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
