import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { findProgram } from '../engines/need';
import { mustRun } from '../engines/run';
import { makeArchive, type Recipe } from './base-archive';

/** A base image as the tests know it: the name Dockerfiles use, and the archive that every builder loads. */
export interface BaseImage {
  readonly name: string;
  readonly archive: string;
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

const script = join(__dirname, 'make-bases.sh');
/** Where they are kept. */
const parent = process.env['STRAKE_TEST_BASES'] ?? '/var/cache/strake-test';

/**
 * The base images, made without a registry and kept on this machine for as long as nothing changes of what they are made of. An archive is both an
 * OCI archive and a docker-archive, so that builders of every age load the very same bytes. Needs root, busybox-static and setcap.
 */
export async function baseImages(): Promise<readonly BaseImage[]> {
  const folder = await keptBases();
  return recipes.map(({ name }, index) => ({ name, archive: join(folder, `base${index}.tar`) }));
}

/** The fewest archives that hold these images: one when it is all of them. Loading is most of what starting a builder costs. */
export function archivesOf(bases: readonly BaseImage[]): readonly string[] {
  const [first] = bases;
  return first !== undefined && bases.length === recipes.length ? [join(dirname(first.archive), 'all.tar')] : bases.map(({ archive }) => archive);
}

/** Complete or absent: whoever is second to finish takes what the first has made. */
async function keptBases(): Promise<string> {
  const folder = join(parent, `bases-${ingredients().slice(0, 16)}`);
  if (existsSync(folder)) return folder;
  mkdirSync(parent, { recursive: true });
  const unfinished = mkdtempSync(join(parent, 'making-'));
  try {
    await makeBases(unfinished);
    renameSync(unfinished, folder);
  } catch (error) {
    if (!existsSync(folder)) throw error;
  } finally {
    rmSync(unfinished, { recursive: true, force: true });
  }
  return folder;
}

/** A digest of everything that the images hang on. */
function ingredients(): string {
  const hash = createHash('sha256');
  for (const file of [...['bases.ts', 'base-archive.ts'].map((name) => join(__dirname, name)), script, findProgram('busybox') ?? '']) hash.update(readFileSync(file));
  return hash.digest('hex');
}

async function makeBases(folder: string): Promise<void> {
  const layers = join(folder, 'layers');
  await mustRun([script, layers]);
  await Promise.all(recipes.map((recipe, index) => makeArchive([recipe], layers, join(folder, `base${index}`))));
  await makeArchive(recipes, layers, join(folder, 'all'));
  rmSync(layers, { recursive: true });
}
