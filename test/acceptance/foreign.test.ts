import { copyFileSync, chmodSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { openStrakeStore, type StrakeStore } from '../builders/strake-store';
import { strakeCommand, strakeUnmet } from '../builders/strake';
import { foreignBusybox, foreignUnmet, withEmulator } from '../engines/foreign-busybox';
import { type Finished, run } from '../engines/run';
import { suite } from '../engines/suite';

suite('RUN of a foreign platform', strakeUnmet() ?? foreignUnmet(), () => {
  let store: StrakeStore;
  let count = 0;

  beforeAll(async () => {
    store = await openStrakeStore('foreign', { bases: false });
  });

  afterAll(() => store.close(), 60_000);

  function build(lines: readonly string[], out: string): Promise<Finished> {
    const context = store.context(`context${(count += 1)}`, { Dockerfile: ['FROM scratch', 'COPY busybox /bin/busybox', 'SHELL ["/bin/busybox", "sh", "-euc"]', ...lines].join('\n') });
    copyFileSync(foreignBusybox, join(context, 'busybox'));
    chmodSync(join(context, 'busybox'), 0o755);
    const command = [...strakeCommand, 'build', '--network', 'none', '--progress', 'plain', '--platform', 'linux/arm64', '-o', `type=local,dest=${out}`, context];
    return run(withEmulator(command), { env: { STRAKE_STORE: store.store } });
  }

  it('builds in an emulator whose file is not in the image', async () => {
    const out = join(store.folder, 'out');
    const built = await build(['ARG TARGETARCH', 'RUN busybox uname -m > /machine; echo "$TARGETARCH" > /arch; busybox mkdir /d; busybox chown 7:8 /d', 'USER 7', 'WORKDIR /d', 'RUN busybox id -u > /d/user'], out);
    expect(built).toMatchObject({ code: 0 });
    expect(['machine', 'arch', 'd/user'].map((name) => readFileSync(join(out, name), 'utf8'))).toEqual(['aarch64\n', 'arm64\n', '7\n']);
  }, 120_000);

  it('tells the exit code of a program that fails', async () => {
    const { code, output } = await build(['RUN exit 37'], join(store.folder, 'failed'));
    expect(code).not.toBe(0);
    expect(output).toMatch(/Dockerfile:4:1: .*37/);
  }, 120_000);
});
