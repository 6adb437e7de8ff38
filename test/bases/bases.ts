import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { mustRun } from '../engines/run';

/** A base image as the tests know it: the name Dockerfiles use, and the archive that every builder loads. */
export interface BaseImage {
  readonly name: string;
  readonly archive: string;
}

interface Recipe {
  readonly name: string;
  readonly layers: readonly ('base' | 'upper' | 'top')[];
  readonly config: Readonly<Record<string, unknown>>;
}

const shell = { Env: ['PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin'], Cmd: ['/bin/sh'] };

const recipes: readonly Recipe[] = [
  { name: 'example.test/base:1', layers: ['base'], config: shell },
  { name: 'example.test/layers:1', layers: ['base', 'upper', 'top'], config: shell },
  {
    name: 'example.test/config:1',
    layers: ['base'],
    config: {
      ...shell,
      Env: [...shell.Env, 'GREETING=hello', 'EMPTY='],
      User: 'app',
      WorkingDir: '/home/app',
      Entrypoint: ['/bin/echo'],
      Cmd: ['from base'],
      ExposedPorts: { '8080/tcp': {} },
      Volumes: { '/srv/data': {} },
      Labels: { maintainer: 'base', 'example.base': 'yes' },
      StopSignal: 'SIGINT',
      Shell: ['/bin/ash', '-e', '-c'],
      Healthcheck: { Test: ['CMD-SHELL', 'true'], Interval: 5_000_000_000, Retries: 3 },
    },
  },
  {
    name: 'example.test/onbuild:1',
    layers: ['base'],
    config: { ...shell, OnBuild: ['ARG VERSION=unset', 'COPY . /app/', 'RUN echo "$VERSION" > /app/version', 'ENV BUILT_ON=onbuild'] },
  },
];

const architecture = process.arch === 'x64' ? 'amd64' : process.arch;

/**
 * Makes the base images in a folder, without a registry. One archive is both an OCI archive and a docker-archive, so
 * that builders of every age load the very same bytes. Needs root, busybox-static and setcap.
 */
export async function makeBases(folder: string): Promise<readonly BaseImage[]> {
  await mustRun([join(__dirname, 'make-bases.sh'), join(folder, 'layers')]);
  return Promise.all(recipes.map((recipe, index) => makeBase(recipe, join(folder, 'layers'), join(folder, `base${index}`))));
}

async function makeBase(recipe: Recipe, layerFolder: string, folder: string): Promise<BaseImage> {
  mkdirSync(join(folder, 'blobs/sha256'), { recursive: true });
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
  writeFileSync(join(folder, 'oci-layout'), json({ imageLayoutVersion: '1.0.0' }));
  writeFileSync(join(folder, 'index.json'), json({ schemaVersion: 2, manifests: [{ ...manifest, annotations }] }));
  writeFileSync(join(folder, 'manifest.json'), json([{ Config: blobPath(config), RepoTags: [recipe.name], Layers: layers.map(blobPath) }]));
  await mustRun(['tar', '-C', folder, '--sort=name', '-cf', `${folder}.tar`, '.']);
  return { name: recipe.name, archive: `${folder}.tar` };
}

function json(value: unknown): Buffer {
  return Buffer.from(JSON.stringify(value));
}
