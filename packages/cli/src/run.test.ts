import { PassThrough } from 'node:stream';
import { run } from './run';
import type { BuildOptions, Library } from './library';
import type { Terminal } from './terminal';

async function strake(...argv: string[]) {
  const written = { stdout: '', stderr: '' };
  const sink = (name: 'stdout' | 'stderr') => new PassThrough().on('data', (data) => (written[name] += String(data)));
  const asked: BuildOptions[] = [];
  const library = {
    formatError: (error: Error) => error.message,
    createBuilder: async () => ({
      build: async (options: BuildOptions) => (asked.push(options), { imageId: 'sha256:ab', names: [], outputs: [], metadata: {} }),
      close: async () => undefined,
    }),
  } as unknown as Library;
  const terminal: Terminal = { stdin: new PassThrough().end('FROM scratch'), stdout: sink('stdout'), stderr: sink('stderr'), env: { FROM_ENV: 'e' }, cwd: __dirname };
  const code = await run(argv, terminal, { signal: new AbortController().signal, library: async () => library });
  return { code, ...written, options: asked[0] };
}

test.each<[string[], Partial<BuildOptions>]>([
  [['-t', 'a', '--tag=b', '.'], { tags: ['a', 'b'], context: '.' }],
  [['--build-arg', 'A=1=2', '--build-arg', 'FROM_ENV', '--build-arg', 'UNSET', '.'], { buildArgs: { A: '1=2', FROM_ENV: 'e' } }],
  [['-f', '-', '.'], { dockerfile: { text: 'FROM scratch', name: '<stdin>' } }],
  [['-f=x/Dockerfile', '.'], { dockerfile: 'x/Dockerfile' }],
  [['--no-cache', '.'], { noCache: true }],
  [['--no-cache=false', '.'], { noCache: false }],
  [['--no-cache-filter', 'a,b', '.'], { noCacheFilter: ['a', 'b'] }],
  [['.', '--target', 'x', '--platform', 'linux/arm64', '--network', 'none'], { target: 'x', platforms: ['linux/arm64'], network: 'none' }],
  [['.', '--platform', 'linux/arm64,linux/amd64', '--platform=linux/s390x', '--reproducible'], { platforms: ['linux/arm64', 'linux/amd64', 'linux/s390x'], reproducible: true }],
  [['-o', 'out', '-o', '-', '.'], { outputs: [{ type: 'local', attributes: { dest: 'out' } }, { type: 'tar', attributes: { dest: '-' } }] }],
  [['--push', '--load', '.'], { outputs: [{ type: 'registry', attributes: {} }, { type: 'docker', attributes: {} }] }],
  [['--push', '-o', 'type=image,name=x', '.'], { outputs: [{ type: 'image', attributes: { name: 'x', push: 'true' } }] }],
  [['--annotation', 'manifest[linux/amd64],index:a=b=c', '--annotation', 'd=e', '.'], { outputs: [{ type: 'image', attributes: { 'annotation-manifest[linux/amd64].a': 'b=c', 'annotation-index.a': 'b=c', 'annotation.d': 'e' } }] }],
  [['--add-host', 'h=[::1]', '--add-host', 'me:host-gateway', '.'], { extraHosts: ['h:::1', 'me:host-gateway'] }],
  [['--secret', 'id=a,src=f', '--secret', 'id=b,env=E', '--secret', 'type=env,id=c,src=C', '--secret', 'id=none', '.'], { secrets: { a: { file: 'f' }, b: { env: 'E' }, c: { env: 'C' }, none: { file: 'none' } } }],
  [['--ssh', 'default', '--ssh', 'work=a,b', '.'], { ssh: [{ id: 'default', paths: [] }, { id: 'work', paths: ['a', 'b'] }] }],
  [['--allow', 'network.host', '--allow', 'device=v/c=n', '.'], { allow: ['network.host', 'device=v/c=n'] }],
  [['-o', 'type=oci,"dest=a,b"', '.'], { outputs: [{ type: 'oci', attributes: { dest: 'a,b' } }] }],
  [['--label', 'a=b', '--build-context', 'n=p', '.'], { labels: { a: 'b' }, buildContexts: { n: 'p' } }],
  [['-m', '1.5g', '--memory-swap=-1', '-c', '512', '--cpu-period', '1000', '--cpu-quota=2000', '--cpuset-cpus', '0-1', '--cpuset-mems', '0', '--cgroup-parent', '/x', '--shm-size', '128MiB', '--ulimit', 'nofile=1:2', '--ulimit', 'nofile=3', '--squash', '.'], {
    limits: { memory: 1610612736, memorySwap: -1, cpuShares: 512, cpuPeriod: 1000, cpuQuota: 2000, cpusetCpus: '0-1', cpusetMems: '0', cgroupParent: '/x', shmSize: 134217728, ulimits: [{ name: 'nofile', soft: 3, hard: 3 }] }, squash: true,
  }],
  [['-m', '0', '--cpu-shares', '0', '--cpuset-cpus=', '.'], { context: '.' }],
  [['--ignorefile', 'f', '--build-context', 'n=target:a=b', '.'], { ignore: { file: 'f' }, buildContexts: { n: 'target:a=b' } }],
])('build %j', async (argv, expected) => {
  expect(await strake('build', '-q', ...argv)).toMatchObject({ code: 0, stdout: 'sha256:ab\n', stderr: '', options: expected });
});

test.each([
  [['build', '--secret', 'src=x', '.'], 'invalid value for --secret: it has no id'],
  [['build', '--secret', 'id=x,type=vault', '.'], 'unsupported secret type "vault"'],
  [['build', '--secret', 'id=x,value=sentinel', '.'], "unexpected key 'value'"],
  [['build', '--secret', 'id', '.'], "invalid field 'id' must be a key=value pair"],
  [['build', '--secret', 'id="x', '.'], 'a quote is left open'],
  [['build', '-m', '1x', '.'], 'invalid value "1x" for --memory'],
  [['build', '--cpu-shares', '1.5', '.'], 'invalid value "1.5" for --cpu-shares'],
  [['build', '--ulimit', 'nofile', '.'], 'the format is name=soft[:hard]'],
  [['build', '--tagg', 'x', '.'], 'did you mean --tag?'],
  [['build'], "'strake build' requires 1 argument, got 0"],
  [['build', '-o', 'type=oci,dest', '.'], '"dest" is not key=value'],
  [['build', '--annotation', 'layer:a=b', '.'], 'what is annotated is one of manifest'],
  [['build', '-f', '-', '-'], "can't use stdin for both build context and dockerfile"],
  [['biuld', '.'], 'did you mean strake build?'],
])('%j is refused', async (argv, message) => {
  const { code, stderr, stdout } = await strake(...argv);
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  expect(stderr).toContain(message);
});

test('completion knows commands, flags and values', async () => {
  expect((await strake('__complete', '--', 'im')).stdout).toBe('images\n');
  expect((await strake('__complete', '--', 'build', '--tar')).stdout).toBe('--target\n');
  expect((await strake('__complete', '--', 'build', '--progress', 'ra')).stdout).toBe('rawjson\n');
});
