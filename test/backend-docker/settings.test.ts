import { createReadStream, existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createBuilder, type BuildOptions, type Builder, type BuildEvent } from 'strake';
import { archivesOf, baseImages } from '../bases/bases';
import { debianDockerClient, debianDockerUnmet, startDebianDocker } from '../engines/debian-docker';
import type { DockerEngine } from '../engines/docker-engine';
import { makeFolder, removeFolder } from '../engines/engine-folder';
import { mustRun, run } from '../engines/run';
import { suite } from '../engines/suite';

const files = ['memory/memory.limit_in_bytes', 'memory/memory.memsw.limit_in_bytes', 'cpu/cpu.shares', 'cpu/cpu.cfs_period_us', 'cpu/cpu.cfs_quota_us', 'cpuset/cpuset.cpus', 'cpuset/cpuset.mems'];
const MIB = 1024 * 1024;

/** Limits of control groups, and what a program sees of them; the files are those of their first version, and of the second few are to be seen. */
const groups = {
  limits: { memory: 64 * MIB, memorySwap: 80 * MIB, cpuShares: 333, cpuPeriod: 50_000, cpuQuota: 25_000, cpusetCpus: '0', cpusetMems: '0', cgroupParent: '/strake-test' },
  ...(existsSync('/sys/fs/cgroup/memory')
    ? { program: `cd /sys/fs/cgroup; cat ${files.join(' ')}; grep -q :/strake-test/ /proc/self/cgroup && echo below`, printed: [String(64 * MIB), String(80 * MIB), '333', '50000', '25000', '0', '0', 'below'] }
    : { program: 'cat /sys/fs/cgroup/memory.max', printed: [String(64 * MIB)] }),
};

suite('what a program of an engine gets', debianDockerUnmet(), () => {
  let folder = '';
  let engine: DockerEngine;
  const builders: Builder[] = [];

  beforeAll(async () => {
    folder = makeFolder('settings');
    mkdirSync(join(folder, 'context'));
    engine = await startDebianDocker(['--host-gateway-ip', '1.2.3.9']);
    await mustRun([debianDockerClient, '-H', engine.host, 'network', 'create', 'mine']);
    for (const cache of ['content', 'classic']) builders.push(await createBuilder({ store: join(folder, 'store'), backend: 'docker', backendOptions: { host: engine.host }, cache }));
    for (const archive of archivesOf(await baseImages())) await builders[0]?.images().load(createReadStream(archive), { signal: new AbortController().signal });
  }, 120_000);

  afterAll(async () => {
    for (const builder of builders) await builder.close();
    // Its bridge would outlive the engine.
    await run([debianDockerClient, '-H', engine?.host ?? '', 'network', 'rm', 'mine']);
    await engine?.stop();
    await removeFolder(folder);
  }, 60_000);

  it.each([['fast', 0], ['classic', 1]] as const)('limits and hosts, in the %s way', async (_way, at) => {
    const lines: string[] = [];
    const onEvent = (event: BuildEvent): void => void (event.type === 'log' && lines.push(event.data.toString()));
    const text = `FROM example.test/base:1\nRUN ulimit -n; df -k /dev/shm | tail -n 1; tail -n 2 /etc/hosts; ${groups.program}\n`;
    await builders[at]?.build({
      context: join(folder, 'context'), dockerfile: { text, name: 'Dockerfile' }, network: 'none', pull: 'never', noCache: true, onEvent,
      limits: { ...groups.limits, shmSize: 8 * 1024 * 1024, ulimits: [{ name: 'nofile', soft: 77, hard: 77 }] }, extraHosts: ['one.test:1.2.3.4', 'two.test:1.2.3.5'],
    });
    expect(lines.join('').split('\n').map((line) => line.trim().split(/\s+/).slice(0, 2))).toEqual([['77'], ['shm', '8192'], ['1.2.3.4', 'one.test'], ['1.2.3.5', 'two.test'], ...groups.printed.map((line) => [line]), ['']]);
  }, 60_000);

  /** Every line that the programs of a build print. */
  async function printed(text: string): Promise<readonly string[]> {
    const output: Buffer[] = [];
    const onEvent = (event: BuildEvent): void => void (event.type === 'log' && output.push(Buffer.from(event.data)));
    await builders[0]?.build({ context: join(folder, 'context'), dockerfile: { text: `FROM example.test/base:1\n${text}`, name: 'Dockerfile' }, network: 'none', pull: 'never', noCache: true, onEvent });
    return Buffer.concat(output).toString().split('\n');
  }

  it('users by name and number, with their groups and homes', async () => {
    const accounts = "RUN printf 'worker:x:1234:1235::/home/worker:/bin/sh\\n' >> /etc/passwd; printf 'one:x:1300:worker\\ncrew:x:1301:\\n' >> /etc/group\n";
    expect(await printed(`${accounts}USER worker\nRUN id -u; id -G; echo $HOME; echo said > /dev/stdout\nUSER 77:crew\nRUN id -u; id -G; echo $HOME\n`)).toEqual([
      '1234', '1235 1300', '/home/worker', 'said', '77', '1301', '/', '',
    ]);
  }, 60_000);

  it('a directory that an earlier program removed, no input, and any bytes as output', async () => {
    expect(await printed("WORKDIR /w\nRUN cd / && rm -r /w\nRUN pwd; cat; printf 'a\\0b'\n")).toEqual(['/w', 'a\0b']);
  }, 60_000);

  it.each([
    ['RUN exit 3', { code: 'STEP_FAILED', exitCode: 3 }],
    ['RUN kill -9 $$', { code: 'STEP_FAILED', exitCode: 137 }],
    ['RUN ["no-such-program"]', { code: 'STEP_FAILED', notes: [expect.stringContaining('no-such-program')] }],
    ['USER nobody-of-that-name\nRUN true', { code: 'INVALID_ARGUMENTS', message: expect.stringContaining('nobody-of-that-name') as unknown }],
  ])('how %s ends', async (text, error) => {
    await expect(printed(`${text}\n`)).rejects.toMatchObject(error);
  }, 60_000);

  /** What a program prints, in a build with options of the backend and its own. */
  async function seen(program: string, backendOptions: Readonly<Record<string, string>>, { cache = 'content', ...options }: Partial<BuildOptions> & { readonly cache?: string } = {}): Promise<string> {
    const output: Buffer[] = [];
    const onEvent = (event: BuildEvent): void => void (event.type === 'log' && output.push(Buffer.from(event.data)));
    const builder = await createBuilder({ store: join(folder, 'store'), backend: 'docker', cache, backendOptions: { host: engine.host, ...backendOptions } });
    try {
      const text = `FROM example.test/base:1\nRUN ${program}\n`;
      await builder.build({ context: join(folder, 'context'), dockerfile: { text, name: 'Dockerfile' }, network: 'none', pull: 'never', noCache: true, onEvent, ...options });
    } finally {
      await builder.close();
    }
    return Buffer.concat(output).toString().trim();
  }

  it('a network of the engine, the engine as a host, and security options', async () => {
    const program = 'ls /sys/class/net | grep -c eth0; grep -c "1.2.3.9.*here" /etc/hosts; grep -E "NoNewPrivs|Seccomp:" /proc/self/status; grep -c /proc/kcore /proc/self/mounts || true';
    const options = { network: 'mine', 'security-opt': 'no-new-privileges,seccomp=unconfined,systempaths=unconfined' };
    expect((await seen(program, options, { network: 'default', extraHosts: ['here=host-gateway'] })).split(/\s+/)).toEqual(['1', '1', 'NoNewPrivs:', '1', 'Seccomp:', '0', '0']);
  }, 60_000);

  it('a seccomp profile of this machine, and no network where a build asks for none', async () => {
    const profile = join(folder, 'profile.json');
    writeFileSync(profile, JSON.stringify({ defaultAction: 'SCMP_ACT_ALLOW', syscalls: [{ names: ['chmod', 'fchmodat', 'fchmod'], action: 'SCMP_ACT_ERRNO' }] }));
    const said = await seen('ls /sys/class/net | grep -c eth0; chmod 700 /etc 2> /dev/null || echo refused', { network: 'mine', 'security-opt': `seccomp=${profile}` });
    expect(said.split('\n')).toEqual(['0', 'refused']);
  }, 60_000);

  it('the network of a container, in both ways', async () => {
    const id = (await mustRun([debianDockerClient, '-H', engine.host, 'run', '-d', '--network', 'mine', '--entrypoint', '/bin/sleep', 'example.test/base:1', '1000'])).trim();
    const address = (await mustRun([debianDockerClient, '-H', engine.host, 'inspect', '-f', '{{.NetworkSettings.Networks.mine.MacAddress}}', id])).trim();
    for (const cache of ['content', 'classic']) expect(await seen('cat /sys/class/net/eth0/address', { network: `container:${id}` }, { network: 'default', cache })).toBe(address);
    await expect(seen('true', { network: `container:${id}` }, { extraHosts: ['a:1.2.3.4'] })).rejects.toMatchObject({ code: 'USAGE' });
    await mustRun([debianDockerClient, '-H', engine.host, 'kill', id]);
    await expect(seen('true', { network: `container:${id}` })).rejects.toMatchObject({ code: 'UNSUPPORTED', message: expect.stringContaining('does not run') as unknown });
  }, 60_000);

  it.each([
    [{ network: 'nobodys' }, {}, 'UNSUPPORTED', 'no network nobodys'],
    [{ network: 'container:nobody' }, {}, 'UNSUPPORTED', 'no container nobody'],
    [{ isolation: 'hyperv' }, {}, 'UNSUPPORTED', 'no isolation hyperv'],
    [{ 'security-opt': 'label=type:x' }, {}, 'UNSUPPORTED', 'no selinux'],
    [{ 'security-opt': 'seccomp=/nowhere' }, {}, 'CONFIG_INVALID', 'seccomp=/nowhere'],
    [{ 'security-opt': 'secomp=unconfined' }, {}, 'CONFIG_INVALID', 'secomp'],
    [{ 'security-opt': 'no-new-privileges' }, { cache: 'classic' }, 'UNSUPPORTED', 'takes no security options'],
    [{}, { extraHosts: ['name:nowhere'] }, 'USAGE', 'name:nowhere'],
  ])('%j %j is refused before anything runs', async (options: Readonly<Record<string, string>>, build, code, message) => {
    const onEvent = ({ type }: BuildEvent): void => expect(type).not.toBe('started');
    await expect(seen('true', options, { ...build, onEvent })).rejects.toMatchObject({ code, message: expect.stringContaining(message) as unknown });
  }, 60_000);
});
