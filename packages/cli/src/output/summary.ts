import type { BuildResult } from '../library';
import { familiarName } from './familiar-name';

/** The last lines of a build: what was made, where it is, and how to use it. */
export function summary({ imageId, names, outputs, manifest }: Pick<BuildResult, 'imageId' | 'names' | 'outputs' | 'manifest'>): readonly string[] {
  return [
    `image ${imageId}`,
    ...names.map((name) => `named ${familiarName(name)}`),
    ...outputs.flatMap(({ type, path }) => (path === undefined ? [] : [`wrote ${path} (${type})`])),
    `next: ${next(imageId, names, outputs, manifest.digest === imageId)}`,
  ];
}

/** The command that most people want after this build. */
function next(imageId: string, names: readonly string[], outputs: BuildResult['outputs'], isInEngine: boolean): string {
  const archive = outputs.find(({ type, path }) => type === 'docker' && path !== undefined);
  if (archive?.path !== undefined) return `docker load -i ${archive.path}`;
  const [name] = names;
  const short = imageId.slice('sha256:'.length, 'sha256:'.length + 12);
  // An image for which its config stands is in a Docker Engine.
  if (isInEngine) return `docker run --rm ${name === undefined ? short : familiarName(name)}`;
  return name === undefined ? `strake tag ${short} NAME` : `strake save ${familiarName(name)} | docker load`;
}
