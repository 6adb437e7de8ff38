/** What a kind of plugin brings to its package. */
export interface Template {
  /** For package.json and the head of the README; a sentence without a full stop. */
  readonly summary: string;
  /** The sections of the README: headings and all. */
  readonly readme: string;
  /** Further packages that it needs where it runs, and those that only its tests need. */
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
  /** Sources, and the example that `npm run try` builds. */
  readonly files: Readonly<Record<string, string>>;
}
