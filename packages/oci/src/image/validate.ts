import type { Descriptor, Image, Layer } from '@strake/api';
import { createHash } from 'node:crypto';
import { decompressed } from '../compression/decompressed';
import { digestOf } from '../digest';
import { isIndex, parseConfig, parseManifest } from './read-manifest';

/** Something about an image that is not as it says. */
export interface Finding {
  /** `manifest`, `config`, or a layer by its place, lowest first: `layer 0`. */
  readonly subject: string;
  /** One sentence without a full stop. */
  readonly message: string;
}

/** Derives every digest, size and DiffID of an image again from its bytes, and counts layers and history. Empty when all is right. */
export async function validate(image: Image): Promise<readonly Finding[]> {
  const findings = [
    ...checkBytes('manifest', image.manifest, image.manifestBytes),
    ...checkBytes('config', image.configDescriptor, image.configBytes),
    ...attempt('manifest', () => checkManifest(image)),
    ...attempt('config', () => checkConfig(image)),
  ];
  for (const [at, layer] of image.layers.entries()) findings.push(...(await checkLayer(`layer ${at}`, layer)));
  return findings;
}

function checkBytes(subject: string, { digest, size }: Descriptor, bytes: Buffer): readonly Finding[] {
  return [...differs(subject, 'digest', digest, digestOf(bytes)), ...differs(subject, 'size', size, bytes.length)];
}

function checkManifest({ manifestBytes, configDescriptor, layers }: Image): readonly Finding[] {
  const manifest = parseManifest(manifestBytes, 'the manifest');
  if (isIndex(manifest)) return [{ subject: 'manifest', message: 'it is an index' }];
  return [
    ...differs('manifest', 'config', manifest.config.digest, configDescriptor.digest),
    ...differs('manifest', 'number of layers', manifest.layers.length, layers.length),
    ...manifest.layers.flatMap((layer, at) => differs('manifest', `layer ${at}`, layer.digest, layers[at]?.descriptor.digest ?? 'none')),
  ];
}

function checkConfig({ configBytes, layers }: Image): readonly Finding[] {
  const { rootfs, history } = parseConfig(configBytes, 'the config');
  const made = history.filter(({ empty_layer: empty }) => empty !== true).length;
  return [
    ...differs('config', 'number of DiffIDs', rootfs.diff_ids.length, layers.length),
    ...rootfs.diff_ids.flatMap((diffId, at) => differs('config', `DiffID ${at}`, diffId, layers[at]?.diffId ?? 'none')),
    // History is optional as a whole.
    ...(history.length === 0 ? [] : differs('config', 'number of layers in the history', made, layers.length)),
  ];
}

async function checkLayer(subject: string, layer: Layer): Promise<readonly Finding[]> {
  const packed = new Meter();
  const plain = new Meter();
  try {
    for await (const chunk of decompressed(packed.watch(layer.open() as AsyncIterable<Buffer>), subject)) plain.add(chunk);
  } catch (error) {
    return [{ subject, message: (error as Error).message }];
  }
  return [
    ...differs(subject, 'digest', layer.descriptor.digest, packed.digest()),
    ...differs(subject, 'size', layer.descriptor.size, packed.size),
    ...differs(subject, 'DiffID', layer.diffId, plain.digest()),
  ];
}

/** Digest and size of bytes that pass. */
class Meter {
  readonly #hash = createHash('sha256');
  size = 0;

  add(chunk: Buffer): void {
    this.#hash.update(chunk);
    this.size += chunk.length;
  }

  async *watch(source: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
    for await (const chunk of source) {
      this.add(chunk);
      yield chunk;
    }
  }

  digest(): string {
    return `sha256:${this.#hash.digest('hex')}`;
  }
}

function attempt(subject: string, check: () => readonly Finding[]): readonly Finding[] {
  try {
    return check();
  } catch (error) {
    return [{ subject, message: (error as Error).message }];
  }
}

function differs(subject: string, what: string, said: string | number, is: string | number): readonly Finding[] {
  return said === is ? [] : [{ subject, message: `the ${what} should be ${said} but is ${is}` }];
}
