import { digestOf, digestOfHex } from '../digest';
import { makeManifest } from '../image/make-manifest';
import { MEDIA_TYPES } from '../image/media-types';
import { isObject, parseJson } from '../image/read-manifest';
import { requireSmall, type InputFiles } from './input-files';
import type { Intake, TakenImage } from './intake';

/** One entry of `manifest.json`. */
export interface DockerEntry {
  /** Paths in the archive. */
  readonly config: string;
  readonly layers: readonly string[];
  /** As written. */
  readonly names: readonly string[];
}

/** Reads the `manifest.json` of a Docker archive. Throws IMAGE_INVALID. */
export function parseDockerManifest(bytes: Buffer, intake: Intake): readonly DockerEntry[] {
  const entries = parseJson(bytes, 'manifest.json');
  if (!Array.isArray(entries)) throw intake.invalid('manifest.json is no list');
  return entries.map((entry: unknown) => {
    const { Config: config, Layers: layers, RepoTags: names } = isObject(entry) ? entry : {};
    if (typeof config !== 'string') throw intake.invalid('manifest.json names no config');
    return { config, layers: texts(layers, 'Layers', intake), names: texts(names, 'RepoTags', intake) };
  });
}

/** Takes an image of a Docker archive, which has no manifest of OCI's kind: it gets one. Throws IMAGE_INVALID. */
export async function takeDockerImage(files: InputFiles, intake: Intake, entry: DockerEntry): Promise<TakenImage> {
  const bytes = await requireSmall(files, entry.config);
  const config = { mediaType: MEDIA_TYPES.config, digest: digestNamed(entry.config) ?? digestOf(bytes), size: bytes.length };
  intake.keep(bytes, config);
  const layers = await intake.layers(bytes, entry.layers.map((path) => ({ path })));
  const manifest = makeManifest(config, layers.flatMap(({ blob }) => blob ?? []));
  intake.keep(manifest.bytes, manifest.descriptor);
  return { id: config.digest, manifest: manifest.descriptor, layers };
}

/** Docker names a config file after its digest. */
function digestNamed(path: string): ReturnType<typeof digestOfHex> | undefined {
  const hex = /(?:^|\/)([0-9a-f]{64})(?:\.json)?$/.exec(path)?.[1];
  return hex === undefined ? undefined : digestOfHex(hex);
}

function texts(value: unknown, what: string, intake: Intake): readonly string[] {
  if (value === undefined || value === null) return [];
  if (!Array.isArray(value) || !value.every((one) => typeof one === 'string')) throw intake.invalid(`manifest.json has invalid ${what}`);
  return value;
}
