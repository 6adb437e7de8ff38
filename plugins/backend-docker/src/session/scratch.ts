import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { OperatorError, StrakeError } from '@strake/api';
import { beginSession, endSession, ownerOf } from './owner';

/** How the names of these directories begin. */
export const SCRATCH_PREFIX = 'strake-docker-';
/** The file in one that says who made it. */
export const OWNER_FILE = 'owner';

const HINT = 'TMPDIR names another folder.';

/** A private directory of this machine for one build: what is packed, looked into and brought on the way. */
export class Scratch {
  readonly path: string;

  /** Throws PERMISSION, DISK_FULL. */
  constructor() {
    try {
      this.path = mkdtempSync(join(tmpdir(), SCRATCH_PREFIX));
    } catch (error) {
      throw explained(error);
    }
    beginSession(basename(this.path));
    try {
      writeFileSync(join(this.path, OWNER_FILE), ownerOf(basename(this.path)), { flag: 'wx' });
    } catch (error) {
      this.remove();
      throw explained(error);
    }
  }

  /** Where a new file can be. */
  file(purpose: string): string {
    return join(this.path, `${purpose}-${randomBytes(6).toString('hex')}`);
  }

  /** Does work that writes here, and explains what goes wrong with that. Throws DISK_FULL. */
  async during<T>(work: Promise<T>): Promise<T> {
    try {
      return await work;
    } catch (error) {
      throw explained(error);
    }
  }

  remove(): void {
    rmSync(this.path, { recursive: true, force: true });
    endSession(basename(this.path));
  }
}

/** What a system error of the temporary folder means; others pass unchanged. */
function explained(error: unknown): unknown {
  if (error instanceof StrakeError) return error;
  const { code = '', syscall, message } = error as NodeJS.ErrnoException;
  if (code === 'ENOSPC' || code === 'EDQUOT') return new OperatorError('DISK_FULL', `no space left in the temporary folder ${tmpdir()}`, { hint: `Free some space there; ${HINT}`, cause: error });
  if (syscall === 'mkdtemp') return new OperatorError('PERMISSION', `the temporary folder ${tmpdir()} cannot be used: ${message}`, { hint: HINT, cause: error });
  return error;
}
