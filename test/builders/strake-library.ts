import { createReadStream } from 'node:fs';
import { StrakeError } from '@strake/api';
import { join } from 'node:path';
import { type BuildOptions, createBuilder, formatError, type Builder as Library } from 'strake';
import { archivesOf } from '../bases/bases';
import { makeFolder, removeFolder } from '../engines/engine-folder';
import type { Builder, BuildOutcome, BuildRequest } from './builder';

/** strake as a library in this process, with a store of its own: no start-up to pay for each build. Writes OCI archives. */
export async function startStrakeLibrary(): Promise<Builder> {
  const folder = makeFolder('library');
  const store = join(folder, 'store');
  const library = await createBuilder({ store });
  return {
    name: 'strake',
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

/** What is no error of strake's is a bug, and comes through as one. */
export async function buildOnce(library: Library, request: BuildRequest): Promise<BuildOutcome> {
  try {
    await library.build(optionsOf(request));
    return { code: 0, output: '' };
  } catch (error) {
    if (!(error instanceof StrakeError) || error.code === 'INTERNAL') throw error;
    return { code: 1, output: formatError(error) };
  }
}

function optionsOf({ context, dockerfile, archive, target, platform, buildArgs, labels, noCache, squash, secrets = {}, sshKey, allow = [], buildContexts }: BuildRequest): BuildOptions {
  return {
    context,
    ...(dockerfile === undefined ? {} : { dockerfile }),
    network: 'none',
    secrets: Object.fromEntries(Object.entries(secrets).map(([id, file]) => [id, { file }])),
    ssh: sshKey === undefined ? [] : [{ id: 'default', paths: [sshKey] }],
    allow,
    pull: 'never',
    outputs: [{ type: 'oci', attributes: { dest: archive } }],
    ...(target === undefined ? {} : { target }),
    ...(platform === undefined ? {} : { platform }),
    ...(buildArgs === undefined ? {} : { buildArgs }),
    ...(labels === undefined ? {} : { labels }),
    ...(noCache === undefined ? {} : { noCache }),
    ...(squash === undefined ? {} : { squash }),
    ...(buildContexts === undefined ? {} : { buildContexts }),
  };
}
