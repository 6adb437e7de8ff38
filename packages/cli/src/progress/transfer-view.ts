import type { TransferProgress } from '../library';
import type { Terminal } from '../terminal';
import { byteSize } from './byte-size';
import { automatic } from './choose-renderer';
import { fit } from './fit';

/** Shows blobs on their way: docker's words, a line for each change; on a terminal a line for each layer, drawn again in place. */
export interface TransferView {
  show(progress: TransferProgress): void;
  /** Nothing more will come. */
  end(): void;
}

type Words = Readonly<Record<TransferProgress['state'], string>>;

const WORDS: Readonly<Record<'pull' | 'push', Words>> = {
  pull: { waiting: 'Pulling fs layer', running: 'Downloading', done: 'Pull complete', exists: 'Already exists', mounted: 'Pull complete' },
  push: { waiting: 'Preparing', running: 'Pushing', done: 'Pushed', exists: 'Layer already exists', mounted: 'Mounted from' },
};

/** Makes the view for a terminal. */
export function transferView(doing: 'pull' | 'push', terminal: Terminal, quiet: boolean): TransferView {
  if (quiet) return { show: () => undefined, end: () => undefined };
  return automatic(terminal) === 'tty' ? new DrawnTransfers(WORDS[doing], terminal.stderr) : new ListedTransfers(WORDS[doing], terminal.stderr);
}

class ListedTransfers implements TransferView {
  readonly #words: Words;
  readonly #output: Terminal['stderr'];
  readonly #last = new Map<string, string>();

  constructor(words: Words, output: Terminal['stderr']) {
    this.#words = words;
    this.#output = output;
  }

  show(progress: TransferProgress): void {
    const { descriptor: { digest }, kind, state } = progress;
    if (kind === 'config' || state === 'running' || this.#last.get(digest) === state) return;
    this.#last.set(digest, state);
    this.#output.write(`${shortDigest(digest)}: ${stateText(progress, this.#words)}\n`);
  }

  end(): void {
    // All is written.
  }
}

const REDRAW_EVERY = 100;

class DrawnTransfers implements TransferView {
  readonly #words: Words;
  readonly #output: Terminal['stderr'];
  readonly #rows = new Map<string, TransferProgress>();
  #timer: NodeJS.Timeout | undefined;
  #drawn = 0;

  constructor(words: Words, output: Terminal['stderr']) {
    this.#words = words;
    this.#output = output;
  }

  show(progress: TransferProgress): void {
    if (progress.kind !== 'layer') return;
    this.#rows.set(progress.descriptor.digest, progress);
    this.#timer ??= setInterval(() => this.#draw(), REDRAW_EVERY).unref();
  }

  end(): void {
    if (this.#timer === undefined) return;
    clearInterval(this.#timer);
    this.#timer = undefined;
    this.#draw();
    // What is written next stands below.
    this.#rows.clear();
    this.#drawn = 0;
  }

  #draw(): void {
    // Some terminals say that they have no columns at all.
    const [columns, rows] = [this.#output.columns || 80, this.#output.rows || 24];
    const all = [...this.#rows.values()];
    // What has ended makes room for what runs.
    const shown = all.length < rows ? all : [...all.filter(isRunning), ...all.filter((one) => !isRunning(one))].slice(0, rows - 1);
    const lines = shown.map((one) => fit(`${shortDigest(one.descriptor.digest)}: ${stateText(one, this.#words)}${bar(one)}`, columns));
    const up = this.#drawn === 0 ? '' : `\u001b[${this.#drawn}A`;
    this.#output.write(`${up}\r\u001b[J${lines.map((line) => `${line}\n`).join('')}`);
    this.#drawn = lines.length;
  }
}

const isRunning = ({ state }: TransferProgress): boolean => state === 'running';

function stateText({ state, from }: TransferProgress, words: Words): string {
  return state === 'mounted' && from !== undefined ? `${words.mounted} ${from}` : words[state];
}

function bar({ state, current, descriptor: { size } }: TransferProgress): string {
  if (state !== 'running' || size === 0) return '';
  const filled = Math.floor((current / size) * 30);
  return ` [${'='.repeat(filled)}${filled < 30 ? '>' : ''}${' '.repeat(Math.max(0, 29 - filled))}] ${byteSize(current)}/${byteSize(size)}`;
}

/** As docker shortens the digests of layers. */
function shortDigest(digest: string): string {
  return digest.slice('sha256:'.length, 'sha256:'.length + 12);
}
