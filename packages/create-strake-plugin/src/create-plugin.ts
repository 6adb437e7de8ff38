import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { commonFiles } from './common-files';
import { nameOf, type PluginName } from './plugin-name';
import { backend } from './templates/backend';
import { cache } from './templates/cache';
import { checkRule } from './templates/check-rule';
import { exporter } from './templates/exporter';
import { instruction } from './templates/instruction';
import { source } from './templates/source';
import type { Template } from './template';

const TEMPLATES = { instruction, 'check-rule': checkRule, cache, exporter, source, backend } as const satisfies Readonly<Record<string, (name: PluginName) => Template>>;

/** What a package can hold. */
export type PluginKind = keyof typeof TEMPLATES;

/** All kinds; the first is what is made when none is named. */
export const KINDS = Object.keys(TEMPLATES) as readonly PluginKind[];

/** The folder cannot be made as it was asked for. */
export class CreateError extends Error {}

/** What to make, and where. */
export interface CreateOptions {
  /** A package's name: `strake-motd`, `@scope/motd`. The folder is called so, without the scope. */
  readonly name: string;
  /** `instruction` by default. */
  readonly kind?: PluginKind;
  /** Where the folder is made; absolute. */
  readonly directory: string;
}

/** What was made. */
export interface CreatedPlugin {
  /** Absolute. */
  readonly folder: string;
  /** Relative to the folder, in the order of writing. */
  readonly files: readonly string[];
}

/** Writes a package for a plugin into a new or empty folder. Throws CreateError; then nothing was written. */
export function createPlugin({ name: written, kind = 'instruction', directory }: CreateOptions): CreatedPlugin {
  const name = nameOf(written);
  if (name === undefined) throw new CreateError(`"${written}" is no name of a package: lower case letters, digits and dashes, a letter first`);
  if (!Object.hasOwn(TEMPLATES, kind)) throw new CreateError(`there is no kind "${String(kind)}"; known: ${KINDS.join(', ')}`);
  const folder = resolve(directory, name.folder);
  if (existsSync(folder) && readdirSync(folder).length > 0) throw new CreateError(`${folder} is not empty`);
  const template = TEMPLATES[kind](name);
  const files = { ...commonFiles(name, template), ...template.files };
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text, { flag: 'wx' });
  }
  return { folder, files: Object.keys(files) };
}
