import type { BuildEvent } from '@strake/api';
import { moment } from './duration';
import type { Output, Renderer } from './renderer';
import { ttyBlock, type ScreenSize } from './tty-block';
import { TtyState, type Row } from './tty-state';
import { warningText } from './warning-text';

const hideCursor = '\u001b[?25l';
const showCursor = '\u001b[?25h';
const clearBelow = '\u001b[J';
const redrawEvery = 100;

/** `--progress tty`: one block that is redrawn in place; at the end it stays, with the whole output of what failed below it. */
export class TtyRenderer implements Renderer {
  private readonly state = new TtyState();
  private readonly timer: NodeJS.Timeout;
  private drawnLines = 0;
  private startedAt: number | undefined;

  /** @param size asked before every drawing, so that the block follows the window; `now` is milliseconds since the epoch */
  constructor(
    private readonly output: Output,
    private readonly size: () => ScreenSize,
    private readonly now: () => number = Date.now,
  ) {
    this.output.write(hideCursor);
    this.timer = setInterval(() => this.draw(), redrawEvery);
    this.timer.unref();
    // the second Ctrl-C ends the process at once: the cursor must not stay hidden
    process.once('exit', this.restoreCursor);
  }

  event(event: BuildEvent): void {
    this.startedAt ??= event.at;
    this.state.apply(event);
  }

  finish(): void {
    clearInterval(this.timer);
    process.removeListener('exit', this.restoreCursor);
    this.draw({ columns: this.size().columns, rows: Infinity });
    const failed = [...this.state.rows.values()].filter((row) => row.state === 'failed');
    for (const row of failed) this.output.write(failureText(row));
    for (const { diagnostic } of this.state.warnings) this.output.write(`${warningText(diagnostic)}\n`);
    this.restoreCursor();
  }

  private draw(size: ScreenSize = this.size()): void {
    const now = this.now();
    const lines = ttyBlock(this.state, size, now, now - (this.startedAt ?? now));
    const up = this.drawnLines === 0 ? '' : `\u001b[${this.drawnLines}A`;
    this.output.write(`${up}\r${clearBelow}${lines.map((line) => `${line}\n`).join('')}`);
    this.drawnLines = lines.length;
  }

  private readonly restoreCursor = (): void => {
    this.output.write(showCursor);
  };
}

function failureText({ name, log }: Row): string {
  if (log.length === 0) return '';
  return `------\n > ${name}:\n${log.map(({ at, text }) => `${moment(at)} ${text}\n`).join('')}------\n`;
}
