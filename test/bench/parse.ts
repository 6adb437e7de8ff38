// Parsing speed, beside the npm package dockerfile-ast: `node scripts/run-ts.mjs test/bench/parse.ts`. Sizes in MB, best of the runs.
import { createRegistry, lowerDockerfile, parseDockerfile } from '@strake/core';
import { DockerfileParser } from 'dockerfile-ast';
import { defaultPlugins } from '../../packages/strake/src/builder/default-plugins';

const instructions = defaultPlugins.reduce((registry, plugin) => registry.use(plugin), createRegistry()).freeze();
const stage = [
  '# what this stage is for', 'FROM --platform=$BUILDPLATFORM example.test/base:1 AS stage', 'ARG VERSION=1.2.3 MODE', 'ENV PATH=/opt/bin:$PATH LANG="C.UTF-8" \\', '    NAME=value',
  'WORKDIR /srv/app', 'COPY --chown=app:app package.json package-lock.json ./', 'RUN apt-get update \\', '  && apt-get install -y --no-install-recommends \\', '    ca-certificates \\', '    # why', '    curl \\',
  '  && rm -rf /var/lib/apt/lists/*', 'RUN <<EOF', 'set -e', 'echo "$VERSION" > /version', 'EOF', 'LABEL org.opencontainers.image.title="An app" org.opencontainers.image.version=$VERSION',
  'EXPOSE 80 443/tcp', 'HEALTHCHECK --interval=5s CMD curl -f http://localhost/ || exit 1', 'USER app', 'ENTRYPOINT ["/srv/app/run", "--flag"]', 'CMD ["serve"]', '', '',
].join('\n');

const best = (runs: number, work: () => unknown): number => Math.min(...Array.from({ length: runs }, () => {
  const start = performance.now();
  work();
  return performance.now() - start;
}));

async function main(): Promise<void> {
  const row = (...cells: readonly (string | number)[]): void => void process.stdout.write(`${cells.map((cell) => String(cell).padStart(14)).join('')}\n`);
  row('MB', 'strake MB/s', 'ast MB/s');
  for (const size of [0.25, 0.5, 1, 2, 4]) {
    const text = stage.repeat(Math.ceil((size * 1e6) / stage.length));
    const megabytes = text.length / 1e6;
    const own = best(3, () => parseDockerfile(text, { file: 'Dockerfile', syntax: instructions.syntax }));
    const other = size > 1 ? undefined : best(1, () => DockerfileParser.parse(text).getInstructions());
    row(megabytes.toFixed(2), ((megabytes / own) * 1000).toFixed(1), other === undefined ? '-' : ((megabytes / other) * 1000).toFixed(2));
  }
  row('instructions', 'lowered ms', 'us each');
  const platform = { os: 'linux', architecture: 'amd64' };
  for (const count of [1250, 2500, 5000, 10000]) {
    const text = `FROM scratch\n${Array.from({ length: count }, (_, index) => ['ENV A=', 'RUN echo ', 'LABEL l=', 'COPY a /'][index % 4] + String(index)).join('\n')}\n`;
    const file = parseDockerfile(text, { file: 'Dockerfile', syntax: instructions.syntax });
    const start = performance.now();
    await lowerDockerfile(file, {
      registry: instructions, platform, buildPlatform: platform, buildArgs: {}, labels: {}, namedContexts: new Set(), signal: new AbortController().signal,
      resolveImage: () => Promise.reject(new Error('nothing is resolved')),
    });
    const milliseconds = performance.now() - start;
    row(count, milliseconds.toFixed(0), ((milliseconds / count) * 1000).toFixed(1));
  }
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? String(error.stack) : String(error)}\n`);
  process.exitCode = 1;
});
