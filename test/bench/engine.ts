// The docker backend beside the classic builder, in turns on one engine: `node scripts/run-ts.mjs test/bench/engine.ts [--runs 3] [--only TEXT]`. Root; not part of `npm test`.
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { archivesOf, baseImages } from '../bases/bases';
import { strakeCommand } from '../builders/strake';
import { debianDockerClient } from '../engines/debian-docker';
import { makeFolder, removeFolder } from '../engines/engine-folder';
import { startNewestDocker } from '../engines/newest-docker';
import { newestVersion } from '../engines/newest-root';
import { mustRun } from '../engines/run';
import { withDescendants } from './contestants';
import { adopt, type Cost, type CpuGroup, makeCpuGroup, measure, median } from './measure';
import { engineWorks, type State } from './works';

const { values } = parseArgs({ options: { runs: { type: 'string', default: '3' }, only: { type: 'string', default: '' } } });

/** One of the two: its command, and what makes it forget. */
interface Side {
  readonly name: string;
  readonly command: readonly string[];
}

async function main(): Promise<void> {
  const folder = makeFolder('bench-engine');
  const daemon = makeCpuGroup('engine');
  const engine = await startNewestDocker('overlay2', ['--cgroup-parent', `/${daemon.procs.split('/').at(-2)}`]);
  try {
    for (const pid of withDescendants(engine.pid)) adopt(daemon, pid);
    const env = { DOCKER_HOST: engine.host, DOCKER_CONFIG: engine.folder, DOCKER_BUILDKIT: '0', STRAKE_STORE: join(folder, 'store') };
    for (const archive of archivesOf(await baseImages())) await mustRun([debianDockerClient, 'load', '-i', archive], { env });
    const sides: readonly Side[] = [
      { name: 'strake', command: [...strakeCommand, 'build', '--backend', 'docker', '--network', 'none', '-t', 'bench:strake'] },
      { name: 'docker build', command: [debianDockerClient, 'build', '--network', 'none', '-t', 'bench:classic'] },
    ];
    print(`${newestVersion()}; medians of ${values.runs}: seconds on the clock (CPU seconds of client and daemon)\n\n| work | ${sides.map(({ name }) => name).join(' | ')} |\n| --- | ---: | ---: |`);
    for (const [index, work] of engineWorks.entries()) {
      if (!work.name.includes(values.only)) continue;
      const context = join(folder, `work${index}`);
      mkdirSync(context);
      work.prepare(context);
      for (const state of work.states) print(`| ${work.name}, ${state.name} | ${(await race(sides, state, context, daemon, env)).join(' | ')} |`);
    }
  } finally {
    await engine.stop();
    daemon.close();
    await removeFolder(folder);
  }
}

async function race(sides: readonly Side[], state: State, context: string, daemon: CpuGroup, env: Readonly<Record<string, string>>): Promise<readonly string[]> {
  const costs = sides.map((): Cost[] => []);
  for (let run = 0; run < Number(values.runs); run++) {
    state.change?.(context, run);
    for (const step of sides.keys()) {
      const at = (step + run) % sides.length;
      const flags = state.name === 'cold' ? ['--no-cache'] : [];
      costs[at]?.push(await measure([...(sides[at]?.command ?? []), ...flags, context], daemon, { env }));
    }
  }
  return costs.map((of) => `${median(of.map(({ wall }) => wall)).toFixed(2)} (${median(of.map(({ cpu }) => cpu)).toFixed(2)})`);
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? String(error.stack) : String(error)}\n`);
  process.exitCode = 1;
});
