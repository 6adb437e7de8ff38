import { copyFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer, request, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { dockerRegistryUnmet, startDockerRegistry } from '../engines/docker-registry';
import { unmetNeed } from '../engines/need';
import { mustRun } from '../engines/run';
import { suite } from '../engines/suite';
import { send, startServer, type StartedServer } from './start-server';
import { unmetLimits } from './unmet-limits';

/** The 32 of the engine's `POST /build`. */
const ALL = [
  'dockerfile', 't', 'extrahosts', 'remote', 'q', 'nocache', 'cachefrom', 'pull', 'rm', 'forcerm', 'memory', 'memswap', 'cpushares', 'cpuperiod', 'cpuquota', 'cpusetcpus', 'cpusetmems', 'cgroupparent', 'buildargs', 'labels', 'shmsize',
  'ulimits', 'networkmode', 'isolation', 'securityopt', 'squash', 'target', 'platform', 'outputs', 'version', 'session', 'buildid',
];

/** What a build is seen to have done with a parameter. */
interface Seen {
  /** In the stream. */
  readonly told?: RegExp;
  readonly untold?: RegExp;
  /** In the image, as the API shows it. */
  readonly image?: object;
}

type Honoured = readonly [parameter: string, query: string, file: string, seen: Seen];

const ulimits = (...all: readonly object[]): string => `ulimits=${encodeURIComponent(JSON.stringify(all))}`;
const STAGES = 'FROM scratch AS one\nLABEL stage=one\nFROM one\nLABEL stage=two\n';

const HONOURED: readonly Honoured[] = [
  ['dockerfile', 'dockerfile=other/File', 'TAR', { image: { Config: { Labels: { file: 'other' } } } }],
  ['t', 't=named:1&t=named:2', 'FROM scratch\nLABEL named=1\n', { told: /Successfully tagged named:1\\n[^]*Successfully tagged named:2\\n/, image: { RepoTags: ['named:1', 'named:2'] } }],
  ['extrahosts', 'extrahosts=one.test:10.1.2.3', 'FROM shell:1\nRUN busybox cat /etc/hosts\n', { told: /10\.1\.2\.3\\tone\.test/ }],
  ['remote', 'remote=HTTP/Dockerfile', '', { image: { Config: { Labels: { from: 'remote' } } } }],
  ['q', 'q=1', 'FROM scratch\nLABEL quiet=1\n', { told: /\{"stream":"sha256:[0-9a-f]{64}\\n"\}/, untold: /Step/ }],
  ['nocache', 'nocache=1', 'FROM shell:1\nRUN echo once\n', { told: /"once\\n"/, untold: /Using cache/ }],
  ['pull', 'pull=1', 'FROM HOST/shell:1\n', { told: /HOST\/shell:1/ }],
  ['rm', 'rm=0', 'FROM shell:1\nRUN echo rm\n', { told: /Running in/, untold: /Removed intermediate/ }],
  ['forcerm', 'rm=0&forcerm=1', 'FROM shell:1\nRUN echo forcerm\n', { told: /Removed intermediate/ }],
  ['buildargs', 'buildargs={"V":"7","unused":"1"}', 'FROM scratch\nARG V\nLABEL v=$V\n', { told: /\[Warning\] One or more build-args \[unused\] were not consumed/, image: { Config: { Labels: { v: '7' } } } }],
  ['labels', 'labels={"by":"test"}', 'FROM scratch\nLABEL a=b\n', { told: /Step 3\/3 : LABEL by=test/, image: { Config: { Labels: { a: 'b', by: 'test' } } } }],
  ['shmsize', 'shmsize=5242880', 'FROM shell:1\nRUN busybox df -k /dev/shm\n', { told: /shm +5120 / }],
  ['ulimits', ulimits({ Name: 'nofile', Soft: 77, Hard: 88 }), 'FROM shell:1\nRUN ulimit -Sn; ulimit -Hn\n', { told: /77\\n[^]*88\\n/ }],
  ['networkmode', 'networkmode=none', 'FROM shell:1\nRUN busybox ls /sys/class/net; busybox grep -c : /proc/net/dev\n', { told: /"(?:lo\\n)?1\\n"/ }],
  ['isolation', 'isolation=default', 'FROM scratch\nLABEL isolation=1\n', {}],
  ['securityopt', 'securityopt=', 'FROM scratch\nLABEL security=1\n', {}],
  ['squash', 'squash=1', 'FROM shell:1\nRUN echo 1 > /1\nRUN echo 2 > /2\n', { image: { RootFS: { Layers: Array.from({ length: 3 }, () => expect.any(String) as unknown) } } }],
  ['target', 'target=one', STAGES, { untold: /stage=two/, image: { Config: { Labels: { stage: 'one' } } } }],
  ['platform', 'platform=linux/arm64', 'FROM scratch\nLABEL platform=1\n', { image: { Architecture: 'arm64' } }],
  ['outputs', 'outputs=[]', 'FROM scratch\nLABEL outputs=1\n', {}],
  ['version', 'version=1', 'FROM scratch\nLABEL version=1\n', {}],
  ['session', 'session=', 'FROM scratch\nLABEL session=1\n', {}],
];

/** A query, and what the answer's text names. Booleans have no wrong value: as to the engine, all but an empty one, 0, no, false and none are true. */
const REFUSED: readonly (readonly [query: string, named: RegExp])[] = [
  ...['memory', 'memswap', 'cpushares', 'cpuperiod', 'cpuquota', 'shmsize'].flatMap((name) => ['x', '1.5', '1e3', '99999999999999999999'].map((value) => [`${name}=${value}`, new RegExp(name)] as const)),
  ['memory=1', /memory 1: it is 6 MB at least/], ['memory=-5', /memory/], ['memswap=5', /memorySwap 5: it needs/], ['memory=10000000&memswap=5', /memorySwap 5/], ['cpushares=1', /cpuShares 1/], ['cpushares=300000', /cpuShares/],
  ['cpuperiod=1', /cpuPeriod 1/], ['cpuquota=1', /cpuQuota 1/], ['cpusetcpus=x', /cpusetCpus/], ['cpusetmems=0-', /cpusetMems/], ['cgroupparent=../x', /cgroupParent/], ['shmsize=-1', /shmSize/],
  ['ulimits=x', /ulimits/], ['ulimits=[1]', /ulimits/], [ulimits({ Name: 'nope', Soft: 1, Hard: 1 }), /ulimit "nope/], [ulimits({ Name: 'nofile', Soft: 5, Hard: 1 }), /nofile=5:1/],
  ...['buildargs', 'labels', 'cachefrom'].flatMap((name) => ['{', '7', '[{}]', '{"a":1}'].map((value) => [`${name}=${value}`, new RegExp(name)] as const)),
  ['cachefrom=["A:B"]', /A:B/], ['dockerfile=nope', /Dockerfile "nope"/], ['dockerfile=../../etc/passwd', /passwd/], ['t=A:b', /tag.*A:b/], ['t=a:-', /tag.*a:-/], ['t=a@sha256:0', /tag/], ['extrahosts=x', /extra host "x"/], ['extrahosts=a:b', /extra host "a:b"/],
  ['remote=/etc', /remote: \/etc/], ['remote=ftp://x/y', /remote: ftp/], ['remote=client-session', /session/], ['networkmode=container:x', /networkmode container:x/], ['networkmode=mine', /networkmode mine/],
  ['isolation=hyperv', /isolation: "hyperv"/], ['securityopt=seccomp=x', /security options/], ['target=nope', /target stage "nope"/], ['platform=xx', /platform xx/], ['platform=linux/', /platform linux\//],
  ['outputs=[{"Type":"tar"}]', /outputs/], ['outputs=x', /outputs/], ['version=2', /DOCKER_BUILDKIT=0/], ['version=3', /version 3/], ['session=x', /session.*DOCKER_BUILDKIT=0/], ['target=a&target=b', /target is given twice/], ['nonsense=1', /unknown build parameter: nonsense/],
];

/** Files of a program's control groups. */
const GROUPS: Readonly<Record<string, readonly [query: string, group: string, file: string, value: string]>> = {
  memory: ['67108864', 'memory', 'memory.limit_in_bytes', '67108864'],
  memswap: ['67108864', 'memory', 'memory.memsw.limit_in_bytes', '67108864'],
  cpushares: ['512', 'cpu', 'cpu.shares', '512'],
  cpuperiod: ['50000', 'cpu', 'cpu.cfs_period_us', '50000'],
  cpuquota: ['25000', 'cpu', 'cpu.cfs_quota_us', '25000'],
  cpusetcpus: ['0', 'cpuset', 'cpuset.cpus', '0'],
  cpusetmems: ['0', 'cpuset', 'cpuset.mems', '0'],
};

suite('each parameter of POST /build', unmetNeed({ root: true, programs: ['busybox', 'crun', 'tar'] }), () => {
  let started: StartedServer;
  let http: Server;
  let host = '';
  let tar: Buffer;
  let small: Buffer;

  beforeAll(async () => {
    started = await startServer();
    const context = join(started.folder, 'context');
    mkdirSync(join(context, 'other'), { recursive: true });
    copyFileSync('/bin/busybox', join(context, 'busybox'));
    writeFileSync(join(context, 'Dockerfile'), 'FROM scratch\nCOPY busybox /bin/sh\nCOPY busybox /bin/busybox\n');
    writeFileSync(join(context, 'other', 'File'), 'FROM scratch\nLABEL file=other\n');
    await mustRun(['tar', '-C', context, '-cf', join(started.folder, 'context.tar'), '.']);
    await mustRun(['tar', '-C', context, '-cf', join(started.folder, 'small.tar'), 'Dockerfile']);
    [tar, small] = [readFileSync(join(started.folder, 'context.tar')), readFileSync(join(started.folder, 'small.tar'))];
    // A web server that has a Dockerfile, and is a registry without images.
    http = createServer(({ url }, response) => void (url === '/Dockerfile' ? response.end('FROM scratch\nLABEL from=remote\n') : response.writeHead(url === '/v2/' ? 200 : 404).end()));
    await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
    host = `127.0.0.1:${(http.address() as AddressInfo).port}`;
    expect(await post(`t=shell:1&t=${host}/shell:1`, tar)).toMatchObject({ status: 200 });
  });

  afterAll(async () => {
    http.close();
    http.closeAllConnections();
    await started.close();
  });

  const query = (text: string): string => text.replace('HTTP', `http://${host}`).replace('HOST', host).replace(/[{}[\]"]/g, encodeURIComponent);
  const post = (text: string, body: string | Buffer) => send(started.socket, { path: `/v1.43/build?${query(text)}`, method: 'POST' }, body);
  const inspect = async (id: string): Promise<unknown> => JSON.parse((await send(started.socket, { path: `/images/${id}/json` })).body);

  test('all 32 are in the tables', () => {
    const honoured = [...HONOURED.map(([parameter]) => parameter), ...Object.keys(GROUPS), 'cgroupparent', 'buildid', 'cachefrom'];
    expect([...honoured].sort()).toEqual([...ALL].sort());
  });

  test.each(HONOURED)('%s is honoured: %s', async (_parameter, text, file, { told, untold, image }) => {
    const body = file === 'TAR' ? tar : file.replace('HOST', host);
    // What is there already, or was asked for before, is what some of them are about.
    const before = await post(text.replace(/^(?:pull|nocache)=1$/, ''), body);
    const answer = /^(?:pull|nocache)/.test(text) ? await post(text, body) : before;
    expect([before.status, before.body]).toEqual([200, expect.not.stringContaining('"error"')]);
    if (told !== undefined) expect(answer.body).toMatch(new RegExp(told.source.replace('HOST', host)));
    if (untold !== undefined) expect(answer.body).not.toMatch(untold);
    if (image !== undefined) expect(await inspect(/"aux":\{"ID":"(.*?)"/.exec(answer.body)?.[1] ?? '')).toMatchObject(image);
  });

  test.each(REFUSED)('?%s is refused', async (text, named) => {
    const { status, body } = await post(text, small);
    expect([status, (JSON.parse(body) as { message: string }).message]).toEqual([400, expect.stringMatching(named)]);
  });

  test('what the backend cannot do is a bad request too', async () => {
    const answer = await post('platform=linux/s390x', 'FROM scratch\nRUN x\n');
    expect([answer.status, answer.body]).toEqual([400, expect.stringContaining('programs of linux/s390x cannot run on this machine')]);
  });

  /** Begins a build, and answers what it has told when that matches, with a way to end it. */
  function begun(text: string, file: string, until: RegExp): Promise<{ readonly told: string; readonly rest: Promise<string>; end(): void }> {
    return new Promise((resolve, reject) => {
      const client = request({ socketPath: started.socket, path: `/v1.43/build?${query(text)}`, method: 'POST', agent: false }, (response) => {
        let told = '';
        const rest = new Promise<string>((ended) => response.once('close', () => ended(told)));
        response.on('error', () => undefined).on('data', (data: Buffer) => {
          told += data.toString();
          if (until.test(told)) resolve({ told, rest, end: () => void client.destroy() });
        });
      });
      client.once('error', reject).end(file);
    });
  }

  const limited = unmetLimits();
  (limited === undefined ? test : test.skip)(`limits are those of the control groups of a program${limited === undefined ? '' : ` [skipped: ${limited}]`}`, async () => {
    const text = Object.entries(GROUPS).map(([name, [value]]) => `${name}=${value}`).join('&');
    const build = await begun(`${text}&cgroupparent=strake-parameters`, 'FROM shell:1\nRUN busybox cat /proc/self/cgroup; echo told; exec busybox sleep 1000\n', /told\\n/);
    const found = Object.fromEntries(Object.entries(GROUPS).flatMap(([name, [, group, file]]) => {
      const place = new RegExp(`\\d+:${group}:(\\S+?)\\\\n`).exec(build.told)?.[1] ?? '';
      expect(place).toContain('/strake-parameters/');
      const path = join('/sys/fs/cgroup', group, place, file);
      // A kernel may do without accounts of swap.
      return existsSync(path) ? [[name, readFileSync(path, 'utf8').trim()]] : [];
    }));
    build.end();
    expect(found).toEqual(Object.fromEntries(Object.entries(GROUPS).filter(([name]) => name in found).map(([name, [, , , value]]) => [name, value])));
    expect(Object.keys(found)).toEqual(expect.arrayContaining(['memory', 'cpushares', 'cpusetcpus']));
  });

  test('buildid names a build that can be cancelled', async () => {
    const build = await begun('buildid=mine', 'FROM shell:1\nRUN echo began; exec busybox sleep 1000\n', /began/);
    expect((await send(started.socket, { path: '/v1.43/build/cancel?id=mine', method: 'POST' })).status).toBe(204);
    expect(await build.rest).toMatch(/"error":"[^"]*cancelled/i);
  });
});

suite('cachefrom', dockerRegistryUnmet() ?? unmetNeed({ root: true, programs: ['busybox', 'crun'] }), () => {
  test('brings the steps of another store through a registry, and says when it cannot', async () => {
    const [registry, first, second] = [await startDockerRegistry(), await startServer(), await startServer()];
    try {
      const context = join(first.folder, 'context');
      mkdirSync(context);
      copyFileSync('/bin/busybox', join(context, 'busybox'));
      writeFileSync(join(context, 'Dockerfile'), 'FROM scratch\nCOPY busybox /bin/sh\nRUN echo made > /made\n');
      await first.builder.build({ context, cacheTo: [{ type: 'registry', ref: `${registry.host}/cache:1` }] });
      await mustRun(['tar', '-C', context, '-cf', join(first.folder, 'context.tar'), '.']);
      const build = async (ref: string) => (await send(second.socket, { path: `/build?cachefrom=${encodeURIComponent(JSON.stringify([ref]))}`, method: 'POST' }, readFileSync(join(first.folder, 'context.tar')))).body;
      const without = await build(`${registry.host}/nothing:1`);
      expect([without, without.match(/Using cache/g)]).toEqual([expect.stringContaining(`[Warning] no cache is taken from registry ${registry.host}/nothing:1`), null]);
      await second.builder.caches().prune({ all: true });
      expect((await build(`${registry.host}/cache:1`)).match(/Using cache/g)).toHaveLength(2);
    } finally {
      await Promise.all([first.close(), second.close(), registry.stop()]);
    }
  });
});
