import { createWriteStream } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { createReadStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import type { BackendImages, KeptImageDetails } from '@strake/api';
import { OperatorError } from '@strake/api';
import { formatReference, parseReference } from '@strake/oci';
import type { ImageDetails, Images } from './images-types';
import { never } from '../never';

/** Work on the images that a backend keeps itself. */
export function keptImages(images: BackendImages): Images {
  return {
    keptBy: 'backend',
    list: () => images.list(),
    get: async (reference) => detailsOf(await images.get(reference)),
    tag: async (reference, name) => {
      const wanted = parseReference(name);
      if (wanted.digest !== undefined) throw new OperatorError('REFERENCE_INVALID', `${name} has a digest, which no image can be given`, { hint: 'Write name:tag.' });
      await images.tag(reference, formatReference(wanted));
    },
    remove: (reference, { force = false } = {}) => images.remove(reference, { force }),
    load: async (input, { name, signal = never() } = {}) => {
      if (name !== undefined) throw new OperatorError('UNSUPPORTED', 'the backend makes no image of a plain root file system');
      return images.load(typeof input === 'string' ? createReadStream(input) : input, signal);
    },
    import: (input, { name, message = 'Imported from -', changes = [], platform, signal = never() } = {}) => images.import(input, {
      message, changes, signal, ...(name === undefined ? {} : { name: formatReference(parseReference(name)) }), ...(platform === undefined ? {} : { platform }),
    }),
    save: (references, options) => save(images, references, options),
    prune: ({ all = false, dryRun = false } = {}) => images.prune({ all, dryRun }),
  };
}

/** The config as far as the backend tells it. */
function detailsOf({ author, architecture, os, variant, config, history, layers, containerConfig, ...summary }: KeptImageDetails): ImageDetails {
  const { id, created } = summary;
  return {
    ...summary,
    manifest: { mediaType: 'application/vnd.oci.image.config.v1+json', digest: id, size: 0 },
    config: {
      ...(created === undefined ? {} : { created }), ...(author === undefined ? {} : { author }), architecture, os, ...(variant === undefined ? {} : { variant }),
      ...(containerConfig === undefined ? {} : { container_config: containerConfig }),
      config, history, rootfs: { type: 'layers', diff_ids: layers.map(({ diffId }) => diffId) },
    },
    layers,
  };
}

async function save(images: BackendImages, references: readonly string[], { format, destination, signal = never() }: Parameters<Images['save']>[1]): Promise<void> {
  if (format !== 'docker') throw new OperatorError('UNSUPPORTED', 'the backend saves archives of docker save only', { hint: 'Use --format docker.' });
  const archive = await images.save(references, signal);
  if (typeof destination !== 'string') return pipeline(archive, destination, { signal, end: false });
  if (destination === '-') return pipeline(archive, process.stdout, { signal, end: false });
  const unfinished = `${destination}.${process.pid}.tmp`;
  try {
    await pipeline(archive, createWriteStream(unfinished, { flags: 'wx' }), { signal });
    await rename(unfinished, destination);
  } finally {
    await rm(unfinished, { force: true });
  }
}
