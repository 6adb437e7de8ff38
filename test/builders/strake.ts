import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { archivesOf } from '../bases/bases';
import { makeFolder, removeFolder } from '../engines/engine-folder';
import { mustRun, run } from '../engines/run';
import { type Builder, commonFlags, modernFlags } from './builder';

const script = join(__dirname, '../../packages/cli/bin/strake.js');
const bundle = join(__dirname, '../../packages/cli/dist/strake.cjs');
const chosen = process.env['STRAKE_TEST_COMMAND'];

/** The command under test: `STRAKE_TEST_COMMAND` (words, by spaces), or what the build of this repository made. */
export const strakeCommand: readonly string[] = chosen?.split(' ') ?? [process.execPath, script];

/** Why strake itself cannot run here. */
export function strakeUnmet(): string | undefined {
  if (process.getuid?.() !== 0) return 'needs root';
  return chosen !== undefined || existsSync(bundle) ? undefined : 'strake is not built (npm run build)';
}

/** strake with a store of its own. Writes OCI archives. */
export async function startStrake(): Promise<Builder> {
  const folder = makeFolder('store');
  const env = { STRAKE_STORE: join(folder, 'store') };
  return {
    name: 'strake',
    version: 'this',
    load: async (bases) => {
      for (const archive of archivesOf(bases)) await mustRun([...strakeCommand, 'load', '-i', archive], { env });
    },
    build: (request) => run([
      ...strakeCommand, 'build', ...commonFlags(request), ...modernFlags(request), '--progress', 'plain', '--output', `type=oci,dest=${request.archive}`, request.context,
    ], { env }),
    close: () => removeFolder(folder),
  };
}
