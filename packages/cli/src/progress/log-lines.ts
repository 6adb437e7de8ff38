import type { BuildEvent, Digest } from '@strake/api';
import { LineSplitter } from './line-splitter';

/** Cuts the logs of many vertices into lines, standard output and standard error of each apart. */
export class LogLines {
  private readonly splitters = new Map<string, LineSplitter>();

  push(event: BuildEvent & { readonly type: 'log' }): readonly Buffer[] {
    const key = `${event.stream}${event.vertex}`;
    const splitter = this.splitters.get(key) ?? new LineSplitter();
    this.splitters.set(key, splitter);
    return splitter.push(event.data);
  }

  /** What a vertex has written since its last newlines; it writes no more. */
  end(vertex: Digest): readonly Buffer[] {
    const keys = [`1${vertex}`, `2${vertex}`];
    const lines = keys.flatMap((key) => this.splitters.get(key)?.rest() ?? []);
    for (const key of keys) this.splitters.delete(key);
    return lines;
  }
}
