import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { PluginSource } from './plugin-entry';

/** Says whose a loaded file is: of the package that it was named by, or a file by itself. */
export function sourceOfFile(path: string, specifier: string): PluginSource {
  if (/^\.{0,2}\//.test(specifier)) return { kind: 'file', path };
  const { name = specifier, version = 'without a version' } = manifestAbove(dirname(path));
  return { kind: 'package', name, version, path };
}

function manifestAbove(directory: string): { readonly name?: string; readonly version?: string } {
  const file = join(directory, 'package.json');
  if (existsSync(file)) {
    const manifest = JSON.parse(readFileSync(file, 'utf8')) as { readonly name?: string; readonly version?: string };
    // One without a name only says how the files beside it are to be read.
    if (manifest.name !== undefined) return manifest;
  }
  return dirname(directory) === directory ? {} : manifestAbove(dirname(directory));
}
