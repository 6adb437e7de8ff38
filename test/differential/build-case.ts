import { generateKeyPairSync } from 'node:crypto';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Builder, BuildRequest } from '../builders/builder';
import { type ImageFacts, readFacts } from '../image/image-facts';
import type { DifferentialCase, PreparedCase } from './cases';
import { namedLine } from './named-line';

/** What a builder made of a case: an image's facts, or a refusal with the line it names (if any). Plain JSON. */
export type CaseResult =
  | { readonly kind: 'built'; readonly facts: ImageFacts }
  | { readonly kind: 'refused'; readonly line: number | null; readonly output: string };

/** Builds a prepared case with one builder and reads the image back. */
export async function buildCase(builder: Builder, definition: DifferentialCase, prepared: PreparedCase, folder: string): Promise<CaseResult> {
  const { target, platform, buildArgs, labels, allow } = definition.options;
  const archive = join(folder, `${builder.name}.tar`);
  const outcome = await builder.build({ ...prepared, archive, target, platform, buildArgs, labels, allow, ...credentials(definition, folder) });
  if (outcome.code !== 0) return { kind: 'refused', line: namedLine(outcome.output), output: outcome.output.slice(-4000) };
  try {
    return { kind: 'built', facts: readFacts(archive) };
  } finally {
    rmSync(archive, { force: true });
  }
}

/** The case's secrets and key as files beside its context. */
function credentials({ options: { secrets, ssh } }: DifferentialCase, folder: string): Pick<BuildRequest, 'secrets' | 'sshKey'> {
  const written = Object.entries(secrets ?? {}).map(([id, value]) => [id, write(join(folder, `secret-${id}`), value)] as const);
  const key = (): string => generateKeyPairSync('rsa', { modulusLength: 2048, publicKeyEncoding: { type: 'pkcs1', format: 'pem' }, privateKeyEncoding: { type: 'pkcs1', format: 'pem' } }).privateKey;
  return { ...(secrets === undefined ? {} : { secrets: Object.fromEntries(written) }), ...(ssh === true ? { sshKey: write(join(folder, 'key'), key()) } : {}) };
}

function write(file: string, content: string): string {
  writeFileSync(file, content, { mode: 0o600 });
  return file;
}
