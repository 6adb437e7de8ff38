import type { Platform } from '@strake/api';
import { hostPlatform } from '@strake/oci';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { elfHeader } from './elf-header';

const FOLDER = '/proc/sys/fs/binfmt_misc';

/** What to do where `canRunHere` says no. */
export const FOREIGN_HINT =
  'Install an emulator (apt-get install qemu-user-static binfmt-support) and see that it is in /proc/sys/fs/binfmt_misc with the flag F, or build in a stage FROM --platform=$BUILDPLATFORM.';

/**
 * Whether programs of a platform run on this machine: its own, or those that the kernel gives to an emulator (binfmt_misc(5)). The emulator must be
 * registered with the flag F, which opens it at once: in a container its file is not there. `folder` is for tests.
 */
export function canRunHere({ os, architecture }: Pick<Platform, 'os' | 'architecture'>, folder = FOLDER): boolean {
  const host = hostPlatform();
  if (os !== host.os) return false;
  if (architecture === host.architecture || (architecture === '386' && host.architecture === 'amd64')) return true;
  const header = elfHeader(architecture);
  return header !== undefined && handlersIn(folder).some((handler) => takes(handler, header));
}

interface Handler {
  readonly offset: number;
  readonly magic: Buffer;
  readonly mask: Buffer;
}

function handlersIn(folder: string): readonly Handler[] {
  try {
    if (readFileSync(join(folder, 'status'), 'utf8').trim() !== 'enabled') return [];
    return readdirSync(folder).filter((name) => name !== 'register' && name !== 'status').flatMap((name) => readHandler(readFileSync(join(folder, name), 'utf8')));
  } catch {
    // Not mounted, or taken away meanwhile.
    return [];
  }
}

function readHandler(text: string): readonly Handler[] {
  const value = (name: string): string => new RegExp(`^${name}:? (.*)$`, 'm').exec(text)?.[1] ?? '';
  const magic = Buffer.from(value('magic'), 'hex');
  if (!/^enabled$/m.test(text) || !value('flags').includes('F') || magic.length === 0) return [];
  const mask = Buffer.from(value('mask'), 'hex');
  return [{ offset: Number(value('offset')) || 0, magic, mask: mask.length === magic.length ? mask : Buffer.alloc(magic.length, 0xff) }];
}

function takes({ offset, magic, mask }: Handler, header: Buffer): boolean {
  return offset + magic.length <= header.length && magic.every((byte, at) => ((header[offset + at] ?? 0) & (mask[at] ?? 0)) === (byte & (mask[at] ?? 0)));
}
