import { rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Builder } from '../builders/builder';
import { type ImageFacts, readFacts } from '../image/image-facts';
import type { DifferentialCase, PreparedCase } from './cases';
import { namedLine } from './named-line';

/** What a builder made of a case: an image's facts, or a refusal with the line it names (if any). Plain JSON. */
export type CaseResult =
  | { readonly kind: 'built'; readonly facts: ImageFacts }
  | { readonly kind: 'refused'; readonly line: number | null; readonly output: string };

/** Builds a prepared case with one builder and reads the image back. */
export async function buildCase(builder: Builder, definition: DifferentialCase, prepared: PreparedCase, folder: string): Promise<CaseResult> {
  const { target, platform, buildArgs, labels } = definition.options;
  const archive = join(folder, `${builder.name}.tar`);
  const outcome = await builder.build({ ...prepared, archive, target, platform, buildArgs, labels });
  if (outcome.code !== 0) return { kind: 'refused', line: namedLine(outcome.output), output: outcome.output.slice(-4000) };
  try {
    return { kind: 'built', facts: readFacts(archive) };
  } finally {
    rmSync(archive, { force: true });
  }
}
