import { createReadStream } from 'node:fs';
import { join } from 'node:path';
import { createBuilder } from 'strake';
import { archivesOf } from '../bases/bases';
import type { Builder } from '../builders/builder';
import { buildOnce } from '../builders/strake-library';
import { makeFolder, removeFolder } from '../engines/engine-folder';

/** strake as a library, with a Docker Engine as its backend. Writes OCI archives: what the engine has made is saved and read again. */
export async function startStrakeDocker(host: string, options: Readonly<Record<string, string>> = {}): Promise<Builder> {
  const folder = makeFolder('on-docker');
  const library = await createBuilder({ store: join(folder, 'store'), backend: 'docker', backendOptions: { host, ...options } });
  return {
    name: 'strake on docker',
    version: 'this',
    load: async (bases) => {
      for (const archive of archivesOf(bases)) await library.images().load(createReadStream(archive), { signal: new AbortController().signal });
    },
    build: (request) => buildOnce(library, request),
    close: async () => {
      await library.close();
      await removeFolder(folder);
    },
  };
}
