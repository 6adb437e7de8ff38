import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { mustRun } from '../engines/run';

/** What a base image is made of: layers by the names of their files, the lowest first, and the fields of its config. */
export interface Recipe {
  readonly name: string;
  readonly layers: readonly ('base' | 'upper' | 'top')[];
  readonly config: Readonly<Record<string, unknown>>;
}

const architecture = process.arch === 'x64' ? 'amd64' : process.arch;

/** Writes `FOLDER.tar` with these images: an OCI archive and a docker-archive in one. */
export async function makeArchive(recipes: readonly Recipe[], layerFolder: string, folder: string): Promise<void> {
  mkdirSync(join(folder, 'blobs/sha256'), { recursive: true });
  const images = recipes.map((recipe) => putImage(recipe, layerFolder, folder));
  writeFileSync(join(folder, 'oci-layout'), json({ imageLayoutVersion: '1.0.0' }));
  writeFileSync(join(folder, 'index.json'), json({ schemaVersion: 2, manifests: images.map(({ manifest }) => manifest) }));
  writeFileSync(join(folder, 'manifest.json'), json(images.map(({ docker }) => docker)));
  await mustRun(['tar', '-C', folder, '--sort=name', '-cf', `${folder}.tar`, '.']);
  rmSync(folder, { recursive: true });
}

/** An image's entries in the two tables of contents. */
interface Entries {
  readonly manifest: object;
  readonly docker: object;
}

function putImage(recipe: Recipe, layerFolder: string, folder: string): Entries {
  const put = (content: Buffer, mediaType: string): { mediaType: string; digest: string; size: number } => {
    const hex = createHash('sha256').update(content).digest('hex');
    writeFileSync(join(folder, 'blobs/sha256', hex), content);
    return { mediaType, digest: `sha256:${hex}`, size: content.length };
  };
  const oci = 'application/vnd.oci.image';
  const layers = recipe.layers.map((layer) => put(readFileSync(join(layerFolder, `${layer}.tar`)), `${oci}.layer.v1.tar`));
  const created = '2001-02-03T04:05:06Z';
  const config = put(json({
    created, architecture, os: 'linux', config: recipe.config,
    rootfs: { type: 'layers', diff_ids: layers.map((layer) => layer.digest) },
    history: recipe.layers.map((layer) => ({ created, created_by: `layer ${layer}` })),
  }), `${oci}.config.v1+json`);
  const manifest = put(json({ schemaVersion: 2, mediaType: `${oci}.manifest.v1+json`, config, layers }), `${oci}.manifest.v1+json`);
  const annotations = { 'io.containerd.image.name': recipe.name, 'org.opencontainers.image.ref.name': recipe.name.split(':')[1] };
  const blobPath = ({ digest }: { digest: string }): string => `blobs/${digest.replace(':', '/')}`;
  return { manifest: { ...manifest, annotations }, docker: { Config: blobPath(config), RepoTags: [recipe.name], Layers: layers.map(blobPath) } };
}

function json(value: unknown): Buffer {
  return Buffer.from(JSON.stringify(value));
}
