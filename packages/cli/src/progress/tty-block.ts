import { byteSize } from './byte-size';
import { seconds } from './duration';
import { fit, spread } from './fit';
import type { Row, TtyState } from './tty-state';

/** The size of the terminal, in characters. */
export interface ScreenSize {
  readonly columns: number;
  readonly rows: number;
}

/** How many of its last lines of output a running vertex shows. */
const logLines = 6;

/** The lines of the block at one moment, none wider than the screen and no more than fit on it. `elapsed` is milliseconds since the build began. */
export function ttyBlock(state: TtyState, size: ScreenSize, now: number, elapsed: number): readonly string[] {
  const rows = [...state.rows.values()];
  const ended = rows.filter((row) => row.endedAt !== undefined).length;
  const building = ended < rows.length || rows.length === 0;
  const header = `[+] Building ${seconds(elapsed)} (${ended}/${rows.length})${building ? '' : ' FINISHED'}`;
  return [fit(header, size.columns), ...clip(rows, size, now)];
}

/** When there is too little room, what has ended makes room first, oldest first; then what waits; then the output of what runs. */
function clip(rows: readonly Row[], size: ScreenSize, now: number): readonly string[] {
  const room = Math.max(1, size.rows - 2);
  const begun = rows.filter((row) => row.state !== 'waiting');
  const running = begun.filter((row) => row.state === 'running');
  const perRow = Math.max(0, Math.min(logLines, Math.floor((room - running.length) / Math.max(1, running.length))));
  const blocks = begun.map((row) => ({ live: row.state === 'running', lines: rowLines(row, size.columns, now, perRow) }));
  let excess = blocks.reduce((sum, block) => sum + block.lines.length, 0) - room;
  const kept = blocks.filter((block) => {
    if (excess <= 0 || block.live) return true;
    excess -= block.lines.length;
    return false;
  });
  return kept.flatMap((block) => block.lines).slice(0, room);
}

function rowLines(row: Row, width: number, now: number, log: number): readonly string[] {
  const time = seconds((row.endedAt ?? now) - (row.startedAt ?? now));
  const head = spread(` => ${label(row)}`, time, width);
  if (row.state !== 'running' || log === 0) return [head];
  return [head, ...row.log.slice(-log).map(({ text }) => fit(` => => # ${text}`, width))];
}

function label({ state, name, progress, from }: Row): string {
  const prefix = state === 'cached' ? `CACHED ${from === undefined ? '' : `[from ${from}] `}` : state === 'failed' ? 'ERROR ' : '';
  if (progress === undefined) return `${prefix}${name}`;
  const total = progress.total === undefined ? '' : ` / ${byteSize(progress.total)}`;
  return `${prefix}${name} ${byteSize(progress.current)}${total}`;
}
