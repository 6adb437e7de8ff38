import { lutimesSync, readdirSync } from 'node:fs';

/** Gives all of a tree one time, in seconds since 1970, the deepest first. */
export function setTimes(directory: string | Buffer, time: number): void {
  const path = Buffer.from(directory);
  for (const entry of readdirSync(path, { withFileTypes: true, encoding: 'buffer' })) {
    const child = Buffer.concat([path, Buffer.from('/'), entry.name]);
    if (entry.isDirectory()) setTimes(child, time);
    else lutimesSync(child, time, time);
  }
  lutimesSync(path, time, time);
}
