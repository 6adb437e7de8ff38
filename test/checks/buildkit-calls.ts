import { startNewestDocker, newestBuildx } from '../engines/newest-docker';
import { mustRun, run } from '../engines/run';
import { archivesOf, type BaseImage } from '../bases/bases';

/** The newest BuildKit, asked instead of made to build. */
export interface BuildkitCalls {
  /** Runs `buildx build --call=NAME,format=json` in a context. */
  call(name: string, context: string, flags: readonly string[]): Promise<{ readonly code: number; readonly json: unknown; readonly output: string }>;
  close(): Promise<void>;
}

/** Starts an engine of our own with the base images. */
export async function startBuildkitCalls(bases: readonly BaseImage[]): Promise<BuildkitCalls> {
  const engine = await startNewestDocker();
  const env = { DOCKER_HOST: engine.host, DOCKER_CONFIG: engine.folder };
  for (const archive of archivesOf(bases)) await mustRun(['docker', 'load', '-i', archive], { env });
  return {
    call: async (name, context, flags) => {
      const { code, stdout, output } = await run([...newestBuildx(), 'build', `--call=${name},format=json`, ...flags, context], { env });
      return { code, output, json: stdout.trim().startsWith('{') ? JSON.parse(stdout) as unknown : undefined };
    },
    close: () => engine.stop(),
  };
}

/** The flags that both spell alike. */
export function callFlags(options: { readonly target?: string; readonly platform?: string; readonly buildArgs?: Readonly<Record<string, string>> }): readonly string[] {
  return [
    ...(options.target === undefined ? [] : ['--target', options.target]),
    ...(options.platform === undefined ? [] : ['--platform', options.platform]),
    ...Object.entries(options.buildArgs ?? {}).flatMap(([name, value]) => ['--build-arg', `${name}=${value}`]),
  ];
}
