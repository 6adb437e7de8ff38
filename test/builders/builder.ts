import type { BaseImage } from '../bases/bases';

/** One build, as every builder's command line can express it. */
export interface BuildRequest {
  readonly context: string;
  /** Undefined: the one that the context has. */
  readonly dockerfile: string | undefined;
  /** Where the image goes; each builder writes the archive form it can. */
  readonly archive: string;
  readonly target?: string | undefined;
  readonly platform?: string | undefined;
  readonly buildArgs?: Readonly<Record<string, string>> | undefined;
  readonly labels?: Readonly<Record<string, string>> | undefined;
  readonly noCache?: boolean | undefined;
  /** Only where builders are strake. */
  readonly squash?: boolean | undefined;
  /** Files of secrets, by id. */
  readonly secrets?: Readonly<Record<string, string>> | undefined;
  /** The file of a private key, for the agent `default`. */
  readonly sshKey?: string | undefined;
  /** Entitlements. */
  readonly allow?: readonly string[] | undefined;
  /** Named contexts. */
  readonly buildContexts?: Readonly<Record<string, string>> | undefined;
}

/** How a build ended; `output` is all it printed. */
export interface BuildOutcome {
  readonly code: number;
  readonly output: string;
}

/** A real builder, ready to build from the bases it was given. */
export interface Builder {
  readonly name: string;
  /** Enough to tell kept results of one version from those of another. */
  readonly version: string;
  load(bases: readonly BaseImage[]): Promise<void>;
  build(request: BuildRequest): Promise<BuildOutcome>;
  close(): Promise<void>;
}

/** The flags that buildx and strake spell alike, and older builders do not have. */
export function modernFlags({ secrets = {}, sshKey, allow = [], buildContexts = {} }: BuildRequest): readonly string[] {
  return [
    ...Object.entries(secrets).flatMap(([id, file]) => ['--secret', `id=${id},src=${file}`]),
    ...(sshKey === undefined ? [] : ['--ssh', `default=${sshKey}`]),
    ...allow.flatMap((name) => ['--allow', name]),
    ...Object.entries(buildContexts).flatMap(([name, value]) => ['--build-context', `${name}=${value}`]),
  ];
}

/** The flags that all of them spell alike. */
export function commonFlags(request: BuildRequest): readonly string[] {
  return [
    ...(request.dockerfile === undefined ? [] : ['--file', request.dockerfile]), '--network', 'none',
    ...(request.target === undefined ? [] : ['--target', request.target]),
    ...(request.platform === undefined ? [] : ['--platform', request.platform]),
    ...Object.entries(request.buildArgs ?? {}).flatMap(([name, value]) => ['--build-arg', `${name}=${value}`]),
    ...Object.entries(request.labels ?? {}).flatMap(([name, value]) => ['--label', `${name}=${value}`]),
    ...(request.noCache === true ? ['--no-cache'] : []),
  ];
}
