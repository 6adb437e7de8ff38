import type { Diagnostic } from '@strake/api';

/** BuildKit's switches that mean something here. No ARG needs to declare them. */
const HONOURED: readonly string[] = ['BUILDKIT_SYNTAX', 'BUILDKIT_CACHE_MOUNT_NS', 'BUILDKIT_DOCKERFILE_CHECK', 'BUILDKIT_MULTI_PLATFORM'];

/** Those that do not, and what to do instead. */
const UNMAPPED: Readonly<Record<string, string>> = {
  BUILDKIT_BUILD_NAME: 'leave it out: builds have no names here',
  BUILDKIT_CONTEXT_KEEP_GIT_DIR: 'ask for it where the repository is named',
  BUILDKIT_INLINE_CACHE: 'export the cache beside the image',
  BUILDKIT_SANDBOX_HOSTNAME: 'leave it out: the sandbox names the machine',
  BUILDKIT_SBOM_SCAN_CONTEXT: 'leave it out: nothing is scanned',
  BUILDKIT_SBOM_SCAN_STAGE: 'leave it out: nothing is scanned',
};

/** Whether a build argument is one of BuildKit's switches, which no ARG needs to declare. */
export function isBuildkitArgument(name: string): boolean {
  return HONOURED.includes(name) || Object.hasOwn(UNMAPPED, name);
}

/** A warning for each switch that is given and has no effect here. What an ARG declares is an argument like any other. */
export function unmappedArguments(buildArgs: Readonly<Record<string, string | undefined>>, declared: ReadonlySet<string>): readonly Diagnostic[] {
  return Object.keys(buildArgs).filter((name) => Object.hasOwn(UNMAPPED, name) && !declared.has(name)).sort().map((name) => ({
    code: 'UnmappedBuildArg', severity: 'warning', message: `the build argument ${name} has no effect`, hint: UNMAPPED[name] ?? '',
  }));
}
