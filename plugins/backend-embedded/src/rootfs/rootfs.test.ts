import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findOwner } from '@strake/oci';
import { accountsOf } from './account-files';
import { findUser } from './find-user';
import { resolveInRoot } from './resolve-in-root';

describe('a root file system', () => {
  let root: string;
  beforeAll(() => {
    root = mkdtempSync(join(tmpdir(), 'strake-rootfs-'));
    mkdirSync(join(root, 'etc'));
    mkdirSync(join(root, 'usr/lib'), { recursive: true });
    symlinkSync('usr/lib', join(root, 'lib'));
    symlinkSync('/usr', join(root, 'absolute'));
    symlinkSync('../../../../../..', join(root, 'usr/up'));
    symlinkSync('loop', join(root, 'loop'));
    writeFileSync(join(root, 'etc/passwd'), 'root:x:0:0::/root:/bin/sh\napp:x:100:200::/home/app:/bin/sh\n');
    writeFileSync(join(root, 'etc/group'), 'root:x:0:\nstaff:x:50:app,other\nwheel:x:10:app\n');
  });
  afterAll(() => rmSync(root, { recursive: true, force: true }));

  test.each([
    ['/', ''],
    ['/lib/x', '/usr/lib/x'],
    ['/absolute/lib', '/usr/lib'],
    ['/usr/up/etc', '/etc'],
    ['/../../etc', '/etc'],
    ['/none/../lib', '/usr/lib'],
  ])('%s is at %s', (path, expected) => expect(resolveInRoot(root, path)).toBe(root + expected));

  test('a loop of links ends', () => expect(() => resolveInRoot(root, '/loop/x')).toThrow('too many symbolic links'));

  test.each([
    ['app', 100, 200],
    ['app:staff', 100, 50],
    ['7', 7, 7],
    ['7:8', 7, 8],
    ['app:9', 100, 9],
    [':staff', 0, 50],
    ['root', 0, 0],
    ['app:', 100, 0],
    ['+7:+8', 7, 8],
    ['007', 7, 7],
    ['', 0, 0],
    ['3000000000', 3000000000, 3000000000],
  ])('--chown=%s', (owner, uid, gid) => expect(findOwner(accountsOf(root), owner, (kind, name) => { throw new Error(`${kind} ${name}`); })).toEqual({ uid, gid }));

  test.each([
    ['ghost', 0, 0, ['user ghost']],
    ['ghost:staff', 0, 50, ['user ghost']],
    ['app:ghosts', 100, 200, ['group ghosts']],
    ['app:app:app', 100, 200, ['group app:app']],
    ['-1', 0, 0, ['user -1']],
  ])('--chown=%s names nobody, as in BuildKit', (owner, uid, gid, expected) => {
    const unknown: string[] = [];
    expect(findOwner(accountsOf(root), owner, (kind, name) => unknown.push(`${kind} ${name}`))).toEqual({ uid, gid });
    expect(unknown).toEqual(expected);
  });

  test.each([
    ['', { uid: 0, gid: 0, additionalGids: [0], home: '/root' }],
    ['app', { uid: 100, gid: 200, additionalGids: [200, 50, 10], home: '/home/app' }],
    ['100', { uid: 100, gid: 200, additionalGids: [200, 50, 10], home: '/home/app' }],
    ['app:wheel', { uid: 100, gid: 10, additionalGids: [10], home: '/home/app' }],
    ['4242', { uid: 4242, gid: 0, additionalGids: [0], home: '/' }],
    ['4242:1', { uid: 4242, gid: 1, additionalGids: [1], home: '/' }],
  ])('USER %s', (user, expected) => expect(findUser(root, user)).toEqual(expected));

  test.each([['ghost', 'unable to find user ghost: no matching entries in passwd file'], ['app:ghost', 'unable to find group ghost: no matching entries in group file']])(
    'USER %s is refused',
    (user, message) => expect(() => findUser(root, user)).toThrow(message),
  );
});
