import { OperatorError } from '@strake/api';
import { lstatSync, readdirSync } from 'node:fs';

const SLASH = Buffer.from('/');

/** Refuses to put one platform's files over another's, as buildx does: only folders may be in both. Throws USAGE. */
export function refuseCollisions(from: string | Buffer, to: string | Buffer, shown = ''): void {
  for (const name of readdirSync(from, { encoding: 'buffer' })) {
    const [source, target] = [from, to].map((folder) => Buffer.concat([Buffer.from(folder), SLASH, name])) as [Buffer, Buffer];
    const there = lstatSync(target, { throwIfNoEntry: false });
    if (there === undefined) continue;
    const path = `${shown}/${name.toString()}`;
    if (!there.isDirectory() || !lstatSync(source).isDirectory()) {
      throw new OperatorError('USAGE', `several platforms have the file ${path}`, { hint: 'Leave out platform-split=false: then each platform gets a folder.' });
    }
    refuseCollisions(source, target, path);
  }
}
