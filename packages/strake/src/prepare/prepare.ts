import type { Backend, BuildContext, BuildEvent, BuildGraph, CacheStrategy, Diagnostic, Dockerfile, DockerfileFacts, Platform, SecretProvider, SourceProvider, SshProvider, StageView } from '@strake/api';
import { OperatorError } from '@strake/api';
import { checkFailed } from '@strake/checks';
import type { Instructions } from '@strake/core';
import { FactCollector, lowerDockerfile, type LowerOptions } from '@strake/core';
import { parseReference, type Store } from '@strake/oci';
import { resolve } from 'node:path';
import type { BuildOptions } from '../build/build-options';
import { assemble } from './assemble';
import { BaseFinder } from './base-finder';
import { checkStepOptions, stepGraph } from '../build/build-steps';
import { checkCapabilities } from './check-capabilities';
import { checkFacts, warningOf } from '../check/check-facts';
import { checkLimits } from './check-limits';
import { checkSources } from './check-sources';
import { attachDockerfile, attachSource } from '../errors/error-source';
import { checkGrants, grantsOf } from './grants';
import { hostPlatform } from './host-platform';
import { openInput, type BuildInput } from '../input/open-input';
import { LockFile } from './lock-file';
import { OwnBases, type Bases } from './ready-bases';
import { namedContexts, type NamedContexts } from '../named-contexts/named-contexts';
import { resolveNamed } from '../named-contexts/named-image';
import type { RegistryAccess } from '../registries/registry-access';
import { openSecretArgs, type SecretArgs } from '../secrets/secret-args';
import type { SyntaxPolicy } from './syntax-policy';
import { wantedPlatforms } from '../build/wanted-platforms';

/** What preparing needs of the builder. */
export interface PrepareParts {
  readonly backend: Backend;
  /** Absent where nothing is built. */
  readonly cache?: CacheStrategy;
  readonly instructions: Instructions;
  readonly syntax: SyntaxPolicy;
  readonly store: Store;
  readonly registries: RegistryAccess;
  /** By scheme. */
  readonly sources: ReadonlyMap<string, SourceProvider>;
  /** What contexts from outside are brought with, where anything is given. */
  readonly access?: { readonly secrets: SecretProvider; readonly ssh: SshProvider };
  readonly cwd: string;
}

/** All that is known before anything runs. */
export interface Prepared {
  readonly dockerfile: Dockerfile;
  readonly graph: BuildGraph;
  /** What lowering has found out. */
  readonly facts: DockerfileFacts;
  /** Those that the file's frontend stands for. */
  readonly instructions: Instructions;
  /** Of the file's frontend, of lowering and of check rules. */
  readonly warnings: readonly Diagnostic[];
  /** By name; the main one is `` (empty). */
  readonly contexts: ReadonlyMap<string, BuildContext>;
  /** Removes what was brought in for this build; whoever prepares calls it at the end. */
  release(): void;
}

/**
 * From options to a graph: reads the Dockerfile, finds contexts and base images, lowers, and refuses what the backend
 * cannot do. Nothing has run when this throws.
 */
export async function prepare(options: BuildOptions, parts: PrepareParts, signal: AbortSignal, emit: (event: BuildEvent) => void = () => undefined): Promise<Prepared> {
  const { store, cwd, sources, access } = parts;
  checkLimits(options.limits, parts.backend.capabilities);
  checkSquash(options, parts.backend);
  checkContainers(options, parts);
  checkKept(options, parts.backend);
  if (parts.cache !== undefined) checkStepOptions(options, parts.cache);
  const input = await openInput(options, { store, cwd, sources, ...access, signal });
  try {
    const prepared = await prepareInput(input, options, parts, { signal, emit });
    return { ...prepared, release: () => releaseAll(prepared, input) };
  } catch (error) {
    input.release();
    throw error;
  }
}

function checkSquash({ squash }: BuildOptions, { capabilities }: Backend): void {
  if (squash === true && capabilities.squash !== true) throw new OperatorError('UNSUPPORTED', 'the backend cannot squash layers', { hint: 'Leave --squash out, or build with another --backend.' });
}

/** Only an engine's own builder has a container for each step. */
function checkContainers({ keepContainers }: BuildOptions, { backend: { capabilities }, cache }: PrepareParts): void {
  if (keepContainers !== true || (capabilities.keepsContainers === true && cache?.steps !== undefined)) return;
  throw new OperatorError('UNSUPPORTED', 'no containers of steps are kept, as there are none of each', { hint: 'Leave --rm=false out, or build with --backend docker --cache classic.' });
}

/** Where a backend keeps images itself there is no place for what only strake's store has. */
function checkKept(options: BuildOptions, { images }: Backend): void {
  if (images === undefined) return;
  if (options.lock !== undefined && options.lock !== false) throw new OperatorError('UNSUPPORTED', 'the backend does not pin base images by strake.lock', { hint: 'Name them with their digests: FROM name@sha256:…' });
  if (wantedPlatforms(options).multiPlatform) throw new OperatorError('UNSUPPORTED', 'the backend cannot keep an image of several platforms', { hint: 'Build each platform by itself.' });
}

function releaseAll(...held: readonly { release(): void }[]): void {
  for (const one of held) one.release();
}

/** Who can stop preparing, and who hears of it. */
export interface Following {
  readonly signal: AbortSignal;
  readonly emit: (event: BuildEvent) => void;
}

async function prepareInput(input: BuildInput, asked: BuildOptions, parts: PrepareParts, { signal, emit }: Following): Promise<Prepared> {
  const secretArgs = openSecretArgs(asked, parts.store);
  const options = { ...asked, buildArgs: secretArgs.buildArgs };
  const grants = grantsOf(options);
  const { text, name } = input.dockerfile;
  return attachSource(name, text, async () => {
    const { instructions, warnings: syntaxWarnings } = parts.syntax.choose(text, name, options.buildArgs?.['BUILDKIT_SYNTAX']);
    const named = await namedContexts(options, { ...parts, ...parts.access, signal });
    try {
      const assembled = await assemble({ input, named, instructions, signal });
      const { dockerfile } = assembled;
      const given = { input, named, instructions, grants, secretArgs, outside: assembled.outside };
      const { graph, context, report, facts } = await attachDockerfile(dockerfile, () => graphOf(dockerfile, given, options, parts, { signal, emit }));
      const warnings = [...syntaxWarnings, ...report.notes, ...report.violations.map(warningOf), ...graph.warnings];
      return { dockerfile, graph, facts, instructions, warnings, contexts: new Map([['', context], ...named.directories]), release: () => named.release() };
    } catch (error) {
      named.release();
      throw error;
    }
  });
}

interface Given {
  readonly input: BuildInput;
  readonly named: NamedContexts;
  readonly instructions: Instructions;
  readonly grants: ReturnType<typeof grantsOf>;
  readonly secretArgs: SecretArgs;
  readonly outside: StageView['facts'];
}

/** Lowers, and refuses what cannot be. */
async function graphOf(dockerfile: Dockerfile, { input, named, instructions, grants, secretArgs, outside }: Given, options: BuildOptions, parts: PrepareParts, { signal, emit }: Following) {
  const { backend, store } = parts;
  const { bases, lock } = finderOf(options, parts, { signal, emit });
  const facts = new FactCollector();
  const lowered = await lower(dockerfile, options, { backend, instructions, named, bases, date: input.date, outside, signal }, { facts, ownArguments: parts.cache?.steps !== undefined });
  const graph = secretArgs.hide(lowered);
  if (!store.readonly) lock?.write();
  const context = input.context();
  const known = facts.facts(dockerfile, platformOf(options), context.ignore);
  const report = checkFacts(known, instructions, options);
  const failed = checkFailed(report);
  if (failed !== undefined) throw failed;
  await attachDockerfile(dockerfile, async () => {
    checkCapabilities(graph, backend.capabilities);
    backend.check?.(graph);
    checkSources(graph, parts.sources);
    checkGrants(graph, grants);
    parts.cache?.steps?.check(stepGraph({ graph, facts: known }, options));
  });
  return { graph, context, report, facts: known };
}

/** Who finds the base images of a build, by its lock file where it has one. Throws CONFIG_INVALID. */
export function finderOf(options: BuildOptions, { backend, store, registries, cwd }: PrepareParts, { signal, emit }: Following): { readonly bases: Bases; readonly lock: LockFile | undefined } {
  registries.allow(options.insecureRegistries ?? []);
  const lock = options.lock === undefined || options.lock === false ? undefined : new LockFile(resolve(cwd, 'strake.lock'), options.lock);
  const { pull: policy = 'missing', offline = false } = options;
  if (backend.images !== undefined) return { lock, bases: new OwnBases({ images: backend.images, policy, offline, signal, emit }) };
  return { lock, bases: new BaseFinder({ store, registries, policy, offline, lock, signal, emit }) };
}

/** What lowering needs of the builder and of the options. */
export interface LowerParts {
  readonly backend: Backend;
  readonly instructions: Instructions;
  readonly named: NamedContexts;
  readonly bases: Bases;
  /** Of the build context, in seconds since 1970. */
  readonly date?: number | undefined;
  /** What was found out before. */
  readonly outside?: StageView['facts'];
  readonly signal: AbortSignal;
}

/** Lowers a parsed file; `look` is for those who do more, or less, than building. */
export async function lower(
  dockerfile: Dockerfile,
  options: BuildOptions,
  { backend, instructions, named, bases, date, outside, signal }: LowerParts,
  look: Pick<LowerOptions, 'facts' | 'allStages' | 'onMissingImage' | 'ownArguments'> = {},
): Promise<BuildGraph> {
  const buildPlatform = hostPlatform();
  const { platforms } = wantedPlatforms(options);
  return lowerDockerfile(dockerfile, {
    registry: instructions,
    resolveImage: async (reference, platform) => resolveNamed(named.images.get(reference), reference, platform, async (found) => backend.resolveImage(await bases.ready(found, platform), platform)),
    checkReference: (reference) => void parseReference(reference),
    buildArgs: options.buildArgs ?? {},
    labels: options.labels ?? {},
    platform: platforms[0] ?? buildPlatform,
    platforms,
    platformGiven: options.platform !== undefined,
    // Where nothing says a time, 1970 is as good as any, and known not to be one.
    ...(options.reproducible === true ? { epoch: 0, contextModes: 'u=rwX,go=rX' } : {}),
    ...(date === undefined ? {} : { epoch: date }),
    ...(options.squash === true ? { squash: true } : {}),
    buildPlatform,
    network: options.network ?? 'default',
    namedContexts: new Set(named.directories.keys()),
    namedImages: new Set(named.images.keys()),
    namedStages: named.stages,
    ...(outside === undefined ? {} : { outside }),
    signal,
    ...look,
    ...(options.target === undefined ? {} : { target: options.target }),
    ...(options.allStages === undefined ? {} : { allStages: options.allStages }),
  });
}

/** The platform that a build is for; the first of several. Throws USAGE. */
export function platformOf(options: BuildOptions): Platform {
  return wantedPlatforms(options).platforms[0] ?? hostPlatform();
}
