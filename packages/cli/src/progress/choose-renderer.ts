import type { Terminal } from '../terminal';
import { PlainRenderer } from './plain';
import { QuietRenderer } from './quiet';
import { RawJsonRenderer } from './rawjson';
import type { Renderer } from './renderer';
import { TtyRenderer } from './tty';

/** The renderer for `--progress`. `auto` is `tty` on a terminal that can move its cursor and is not a CI's log, `plain` everywhere else. */
export function chooseRenderer(progress: string, terminal: Terminal): Renderer {
  const { stderr } = terminal;
  switch (progress === 'auto' ? automatic(terminal) : progress) {
    case 'tty':
      return new TtyRenderer(stderr, () => ({ columns: stderr.columns ?? 80, rows: stderr.rows ?? 24 }));
    case 'rawjson':
      return new RawJsonRenderer(stderr);
    case 'quiet':
      return new QuietRenderer();
    default:
      return new PlainRenderer(stderr);
  }
}

/** What `auto` means here. */
export function automatic({ stderr, env }: Pick<Terminal, 'stderr' | 'env'>): 'tty' | 'plain' {
  const continuousIntegration = env.CI !== undefined && !['', '0', 'false'].includes(env.CI);
  return stderr.isTTY === true && !continuousIntegration && env.TERM !== 'dumb' ? 'tty' : 'plain';
}
