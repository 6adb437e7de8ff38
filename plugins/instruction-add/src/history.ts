import type { Heredoc, SourcesAndDestination } from '@strake/api';

/** `ADD --chown=1:1 a <<b /to/`: flags, files, here-documents, destination as written and expanded. */
export function historyOf(
  args: SourcesAndDestination,
  heredocs: readonly Heredoc[],
  flags: { readonly chown?: string; readonly chmod?: string },
): string {
  const options = (['chown', 'chmod'] as const).flatMap((name) => (flags[name] === undefined ? [] : [`--${name}=${flags[name]}`]));
  return ['ADD', ...options, ...args.sources, ...heredocs.map(({ name }) => `<<${name}`), args.destination].join(' ');
}
