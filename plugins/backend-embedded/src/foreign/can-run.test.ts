import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { canRunHere } from './can-run';

// Of a machine that is neither, as the kernel writes it.
const s390x = { os: 'linux', architecture: 's390x' };
const handler = (flags: string, state = 'enabled'): string =>
  `${state}\ninterpreter /usr/bin/qemu-s390x-static\nflags: ${flags}\noffset 0\nmagic 7f454c4602020100000000000000000000020016\nmask ffffffffffffff00fffffffffffffffffffeffff\n`;

describe('canRunHere', () => {
  let folder: string;
  beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'strake-binfmt-'))));
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  test.each([
    ['an emulator that is opened at once', 'enabled', handler('F'), true],
    ['one with more flags', 'enabled', handler('POCF'), true],
    ['one that would have to be in the image', 'enabled', handler('OC'), false],
    ['one that is switched off', 'enabled', handler('F', 'disabled'), false],
    ['all switched off', 'disabled', handler('F'), false],
  ])('%s', (_, status, text, can) => {
    writeFileSync(join(folder, 'status'), `${status}\n`);
    writeFileSync(join(folder, 'register'), '');
    writeFileSync(join(folder, 'qemu-s390x'), text);
    expect(canRunHere(s390x, folder)).toBe(can);
    expect(canRunHere({ os: 'linux', architecture: 'riscv64' }, folder)).toBe(false);
    expect(canRunHere({ ...s390x, os: 'windows' }, folder)).toBe(false);
  });

  test('nothing is mounted there', () => {
    expect(canRunHere(s390x, join(folder, 'nothing'))).toBe(false);
  });
});
