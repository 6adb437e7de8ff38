import { copyFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { unmetNeed } from '../engines/need';
import { suite } from '../engines/suite';
import { startServer, type StartedServer } from './start-server';

suite('docker build through a server with the classic cache', unmetNeed({ root: true, programs: ['docker', 'busybox', 'crun'] }), () => {
  let started: StartedServer;
  beforeAll(async () => {
    started = await startServer({}, { cache: 'classic' });
  });
  afterAll(() => started.close());

  test('each ID is that of an image, and what came from the cache is told', async () => {
    const context = join(started.folder, 'context');
    mkdirSync(context);
    copyFileSync('/bin/busybox', join(context, 'busybox'));
    writeFileSync(join(context, 'Dockerfile'), 'ARG G=1\nFROM scratch AS one\nCOPY busybox /bin/sh\nENV A=1\nRUN echo told\nFROM one\nLABEL x=y\n');
    const shown = (output: string): readonly string[] => output.split('\n').filter((line) => line !== '' && !/^DEPRECATED|^ {8}|^Sending/.test(line));
    const first = shown((await started.docker('build', '-t', 'app', '--label', 'a=b', context)).stdout);
    const id = /^[0-9a-f]{12}$/;
    const ids = first.flatMap((line) => / ---> ([0-9a-f]{12})$/.exec(line)?.[1] ?? []);
    expect(first.map((line) => line.replace(/\b[0-9a-f]{12}\b/, 'ID'))).toEqual([
      'Step 1/8 : ARG G=1', 'Step 2/8 : FROM scratch AS one', ' ---> ', 'Step 3/8 : COPY busybox /bin/sh', ' ---> ID',
      ...['Step 4/8 : ENV A=1', 'Step 5/8 : RUN echo told'].flatMap((line) => [line, ' ---> Running in ID', ...(line.includes('RUN') ? ['told'] : []), ' ---> Removed intermediate container ID', ' ---> ID']),
      'Step 6/8 : FROM one', ' ---> ID', ...['Step 7/8 : LABEL x=y', 'Step 8/8 : LABEL a=b'].flatMap((line) => [line, ' ---> Running in ID', ' ---> Removed intermediate container ID', ' ---> ID']),
      'Successfully built ID', 'Successfully tagged app:latest',
    ]);
    for (const image of ids) expect(JSON.parse((await started.docker('inspect', image)).stdout)).toMatchObject([{ Id: expect.stringMatching(image) as unknown, ContainerConfig: { Cmd: expect.arrayContaining(['-c']) as unknown } }]);
    const second = shown((await started.docker('build', '-t', 'app', '--label', 'a=b', context)).stdout);
    expect(second.filter((line) => line === ' ---> Using cache')).toHaveLength(5);
    expect(second.flatMap((line) => / ---> ([0-9a-f]{12})$/.exec(line)?.[1] ?? [])).toEqual(ids);
    expect((await started.docker('images', '-q')).stdout.trim().split('\n')).toEqual([expect.stringMatching(id)]);
    expect((await started.docker('build', '--cache-from', 'app', context)).stdout).toContain('Using cache');
  }, 120_000);
});
