import { readFileSync } from 'node:fs'

import { Eta, type TemplateFunction } from 'eta'

import { assetPaths } from './assets.ts'

export interface Link {
  readonly text: string
  readonly href: string
}

export interface Page<Model extends object> {
  /** What the page is about: its first words in the browser's tab. */
  readonly title: string
  /** The app's name, shown at the top of each of its pages with a link to `/`. */
  readonly brand: string
  readonly nav?: readonly Link[]
  /** Who is signed in, and the path where they sign out: the last in the navigation. */
  readonly user?: { readonly name: string; readonly signOut: string }
  /** The eta template of the page's content, by convention beside its handler. */
  readonly template: URL
  /** What the template finds as `it`. */
  readonly model: Model
}

// `<%= %>` escapes for HTML text and quoted attributes. `<%~ %>` does not: only the layout uses it.
const eta = new Eta({ autoEscape: true })
const compiled = new Map<string, TemplateFunction>()
const layout = new URL('./layout.eta', import.meta.url)

/** Renders a whole HTML page: the template's content inside the layout that all our pages share. */
export function page<Model extends object>(page: Page<Model>): string {
  const { title, brand, nav = [], user, template, model } = page
  const content = render(template, model)
  return render(layout, { title, brand, nav, user, content, assets: assetPaths })
}

/** Templates are code of ours: each is compiled once, when its page is first asked for. */
function render(template: URL, model: object): string {
  let fill = compiled.get(template.href)
  if (fill === undefined) {
    fill = eta.compile(readFileSync(template, 'utf8'))
    compiled.set(template.href, fill)
  }
  return eta.render(fill, model)
}
