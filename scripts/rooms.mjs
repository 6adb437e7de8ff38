// The rooms of the monorepo: every workspace folder that holds a package.json.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = dirname(dirname(fileURLToPath(import.meta.url)));

/** @returns {{ dir: string, name: string, manifest: any }[]} in a stable order */
export function rooms() {
  return ['packages', 'plugins']
    .flatMap((group) => readdirSync(join(root, group)).sort().map((entry) => `${group}/${entry}`))
    .filter((dir) => existsSync(join(root, dir, 'package.json')))
    .map((dir) => {
      const manifest = JSON.parse(readFileSync(join(root, dir, 'package.json'), 'utf8'));
      return { dir, name: manifest.name, manifest };
    });
}
