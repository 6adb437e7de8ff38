import { buffer } from 'node:stream/consumers';
import type { BuildOptions } from '../library';
import type { Terminal } from '../terminal';

/** The part of the options that `-f -` gives: the Dockerfile as read from standard input. */
export async function dockerfileFromInput(file: string | undefined, terminal: Terminal): Promise<Pick<BuildOptions, 'dockerfile'>> {
  if (file !== '-') return {};
  return { dockerfile: { text: (await buffer(terminal.stdin)).toString('utf8'), name: '<stdin>' } };
}
