/** What a file imports, as it says it. */
export interface Import {
  readonly specifier: string
  /** Whether it is `import type`, of which nothing is left when the program runs. */
  readonly isType: boolean
}

/**
 * The imports of a file of TypeScript or JavaScript.
 *
 * The formatter puts every import statement at the start of a line; `import()` stands anywhere.
 */
export function readImports(source: string): Import[] {
  const statements =
    /^(?:import|export)\s(?<type>type\s)?(?:[\w\s{},*$]*?\sfrom\s)?['"](?<specifier>[^'"]+)['"]/gm
  const expressions = /\bimport\(\s*['"](?<specifier>[^'"]+)['"]/g
  return [...source.matchAll(statements), ...source.matchAll(expressions)].map(({ groups }) => ({
    specifier: groups?.specifier ?? '',
    isType: groups?.type !== undefined,
  }))
}

/** What a program looks up without loading it, to serve its files for one. */
export function readResolved(source: string): Pick<Import, 'specifier'>[] {
  const resolved = source.matchAll(/\bimport\.meta\.resolve\('(?<specifier>[^']+)'\)/g)
  return [...resolved].map(({ groups }) => ({ specifier: groups?.specifier ?? '' }))
}

/** `@scope/package/part` → `@scope/package` */
export function nameOf(specifier: string): string {
  return specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/')
}
