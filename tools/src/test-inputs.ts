import { globSync, readFileSync } from 'node:fs'

import { type Project, readProjects } from './projects.ts'

/** A path to a program, as a project names it that starts it: not in a comment. */
const pathToProgram = /^(?! *(?:\/\/|\/\*|\*)).*['"`](?:\.\.\/)*apps\//m

/** Inputs that programs are among, or all files. */
const inputOfPrograms = /^\{workspaceRoot\}\/(?:apps|\*\*)\//

/**
 * What tests of the workspace in the folder `root` run without Nx knowing of it, a sentence each: a program is imported
 * by none who starts it, so that the result of a test comes from the cache when the program has changed. One input of a
 * program is taken for all: which ones a project starts its code alone can tell.
 */
export function findMissingInputs(root: string): string[] {
  return readProjects(root)
    .filter((project) => 'test' in project.targets && !hasInput(project))
    .flatMap((project) =>
      listFiles(root, project)
        .filter((file) => pathToProgram.test(readFileSync(root + file, 'utf8')))
        .map((file) => `${file} names apps/, which the target test has not among its inputs`),
    )
}

function hasInput({ targets }: Project): boolean {
  const { test } = targets as { readonly test: { readonly inputs?: readonly unknown[] } }
  return test.inputs?.some((input) => inputOfPrograms.test(String(input))) ?? false
}

function listFiles(root: string, { folder }: Project): string[] {
  return globSync(`${folder}/**/*.ts`, { cwd: root, exclude: ['**/node_modules'] })
    .map((file) => file.replaceAll('\\', '/'))
    .sort()
}
