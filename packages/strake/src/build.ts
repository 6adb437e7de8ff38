import type { Backend, BuildEvent, BuilderHooks, CacheStrategy, Diagnostic, Exporter, Image } from '@strake/api';
import type { Instructions } from '@strake/core';
import { formatReference, parseReference, type Store } from '@strake/oci';
import { solve } from '@strake/solver';
import type { BuildOptions, BuildResult } from './build-options';
import { attachDockerfile } from './error-source';
import { chooseExports, type ChosenExport } from './choose-exports';
import { openSecrets, type OpenSecrets } from './open-secrets';
import { prepare, type Prepared } from './prepare';
import type { RegistryAccess } from './registry-access';
import { skipCache } from './skip-cache';

/** What a build is made with. */
export interface BuildParts {
  readonly backend: Backend;
  readonly cache: CacheStrategy;
  readonly exporters: readonly Exporter[];
  readonly instructions: Instructions;
  readonly store: Store;
  readonly registries: RegistryAccess;
  readonly cwd: string;
  readonly env: NodeJS.ProcessEnv;
}

/** One build, from options to an image in the store and whatever exports were asked for. */
export async function build(options: BuildOptions, parts: BuildParts): Promise<BuildResult> {
  const signal = options.signal ?? new AbortController().signal;
  const names = (options.tags ?? []).map((tag) => formatReference(parseReference(tag)));
  const secrets = openSecrets(options, parts);
  const exports = chooseExports(options.outputs ?? [], parts.exporters, parts.cwd);
  const { hooks } = parts.instructions;
  const warnings: Diagnostic[] = [];
  const emit = emitter(hooks, warnings, options);
  const end: { error?: unknown } = {};
  let release = (): void => undefined;
  try {
    const prepared = await prepare(options, parts, signal, emit);
    release = () => prepared.release();
    for (const diagnostic of prepared.warnings) emit({ type: 'warning', at: Date.now(), diagnostic });
    const image = await attachDockerfile(prepared.dockerfile, () => solveToImage(prepared, options, parts, { signal, emit, secrets }));
    for (const name of names) parts.store.names.set(name, image.manifest);
    const outputs = await exportAll(exports, image, { names, signal, emit });
    return resultOf(image, names, outputs, warnings);
  } catch (error) {
    end.error = error;
    throw error;
  } finally {
    await secrets.close();
    release();
    await hooks.done.promise(end);
  }
}

type Emit = (event: BuildEvent) => void;

function emitter(hooks: BuilderHooks, warnings: Diagnostic[], { onEvent }: BuildOptions): Emit {
  return (event) => {
    if (event.type === 'warning') warnings.push(event.diagnostic);
    hooks.event.call(event);
    onEvent?.(event);
  };
}

async function solveToImage(
  { graph, contexts }: Prepared,
  options: BuildOptions,
  { backend, cache }: BuildParts,
  { signal, emit, secrets: { secrets, ssh } }: { readonly signal: AbortSignal; readonly emit: Emit; readonly secrets: OpenSecrets },
): Promise<Image> {
  const session = await backend.open({ contexts, extraHosts: options.extraHosts ?? [], secrets, ssh, signal });
  try {
    const [root = null] = await solve(graph, { session, cache, signal, emit, skipCache: skipCache(options) });
    const [result] = graph.results;
    if (!result) throw new TypeError('a graph has at least one result');
    return await session.image(result, root);
  } finally {
    await session.close();
  }
}

interface ExportParts {
  readonly names: readonly string[];
  readonly signal: AbortSignal;
  readonly emit: Emit;
}

async function exportAll(exports: readonly ChosenExport[], image: Image, { names, signal, emit }: ExportParts): Promise<BuildResult['outputs']> {
  const outputs: { type: string; path?: string }[] = [];
  for (const { exporter, attributes } of exports) {
    const name = `exporting to ${exporter.type}`;
    const begun = performance.now();
    emit({ type: 'export', at: Date.now(), name, state: 'started' });
    const written = await exporter.export({ images: [image], names, attributes, signal, progress: () => undefined });
    emit({ type: 'export', at: Date.now(), name, state: 'done', milliseconds: performance.now() - begun });
    outputs.push({ type: exporter.type, ...written });
  }
  return outputs;
}

function resultOf(image: Image, names: readonly string[], outputs: BuildResult['outputs'], warnings: readonly Diagnostic[]): BuildResult {
  const imageId = image.configDescriptor.digest;
  return {
    imageId,
    manifest: image.manifest,
    names,
    outputs,
    config: image.config,
    warnings,
    metadata: {
      'containerimage.config.digest': imageId,
      'containerimage.descriptor': image.manifest,
      'containerimage.digest': image.manifest.digest,
      ...(names.length > 0 ? { 'image.name': names.join(',') } : {}),
    },
  };
}
