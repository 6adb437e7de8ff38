import type { Heredoc, ProgramText } from '@strake/api';

/** What RUN executes, and the here-documents that have to be files for it. */
export interface Program {
  readonly args: readonly string[];
  readonly scripts?: readonly { readonly name: string; readonly content: string }[];
}

/**
 * A here-document alone is the text for the shell, or with `#!` a file to execute; after other words it is put back
 * behind them and the shell reads it itself.
 */
export function programOf(program: ProgramText, heredocs: readonly Heredoc[], shell: readonly string[]): Program {
  if (program.form === 'exec') return { args: program.words };
  const [first] = heredocs;
  if (first === undefined) return { args: [...shell, program.text] };
  if (/^\d*<<-?(["']?)[^\s"'<>]+\1$/.test(program.text)) {
    if (!first.content.startsWith('#!')) return { args: [...shell, first.content] };
    return { args: [...shell, `/dev/pipes/${first.name}`], scripts: [{ name: first.name, content: first.content }] };
  }
  const bodies = heredocs.map(({ name, content, raw = content }) => `\n${raw}${name}`).join('');
  return { args: [...shell, `${program.text}${bodies}`] };
}
