import { spawn } from 'node:child_process';
import { openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { answers, freePort } from './docker-registry';
import { makeFolder, removeFolder } from './engine-folder';
import { unmetNeed } from './need';

/** Buckets of moto (PyPI): a server of S3 that shares no code with ours, and verifies no signature. */
export interface MotoS3 {
  readonly url: string;
  stop(): Promise<void>;
}

/** Why it cannot run here. */
export function motoS3Unmet(): string | undefined {
  return unmetNeed({ programs: ['moto_server'] });
}

/** Starts `moto_server` with one bucket, and waits until it answers. */
export async function startMotoS3(bucket: string): Promise<MotoS3> {
  const folder = makeFolder('moto');
  const port = await freePort();
  const log = join(folder, 'log');
  const fd = openSync(log, 'a');
  const child = spawn('moto_server', ['-H', '127.0.0.1', '-p', String(port)], { stdio: ['ignore', fd, fd] });
  const end = (): void => void child.kill('SIGTERM');
  process.once('exit', end);
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()).once('error', () => resolve()));
  const stop = async (): Promise<void> => {
    end();
    await ended;
    process.removeListener('exit', end);
    await removeFolder(folder);
  };
  const url = `http://127.0.0.1:${port}`;
  if ((await answers(url, () => child.exitCode !== null)) && (await fetch(`${url}/${bucket}`, { method: 'PUT', headers: { authorization: 'AWS4-HMAC-SHA256 Credential=a/20260101/us-east-1/s3/aws4_request' } })).ok) return { url, stop };
  const text = readFileSync(log, 'utf8').slice(-2000);
  await stop();
  throw new Error(`moto did not start:\n${text}`);
}
