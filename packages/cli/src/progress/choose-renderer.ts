import type { Terminal } from '../terminal';
import type { Renderer } from './renderer';

/** The renderer for `--progress`. `auto` is `tty` on a terminal that can move its cursor and is not a CI's log, `plain` everywhere else. Only the chosen one is loaded. */
export async function chooseRenderer(progress: string, terminal: Terminal): Promise<Renderer> {
  switch (progress === 'auto' ? automatic(terminal) : progress) {
    case 'tty': {
      const { TtyRenderer } = await import('./tty');
      return new TtyRenderer(terminal.stderr, () => ({ columns: terminal.stderr.columns ?? 80, rows: terminal.stderr.rows ?? 24 }));
    }
    case 'rawjson': {
      const { RawJsonRenderer } = await import('./rawjson');
      return new RawJsonRenderer(terminal.stderr);
    }
    case 'quiet': {
      const { QuietRenderer } = await import('./quiet');
      return new QuietRenderer();
    }
    default: {
      const { PlainRenderer } = await import('./plain');
      return new PlainRenderer(terminal.stderr);
    }
  }
}

/** What `auto` means here. */
export function automatic({ stderr, env }: Pick<Terminal, 'stderr' | 'env'>): 'tty' | 'plain' {
  const continuousIntegration = env.CI !== undefined && !['', '0', 'false'].includes(env.CI);
  return stderr.isTTY === true && !continuousIntegration && env.TERM !== 'dumb' ? 'tty' : 'plain';
}
