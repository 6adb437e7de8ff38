import type { BuildEvent } from 'strake';

/** What the service tells its clients of a build. */
export interface Progress {
  readonly step: string;
  readonly state: 'started' | 'cached' | 'log' | 'done' | 'failed';
  /** A piece of output. */
  readonly text?: string;
}

/** A listener for the events of one build that passes on what people watch. */
export function progressOf(report: (progress: Progress) => void): (event: BuildEvent) => void {
  const names = new Map<string, string>();
  return (event) => {
    switch (event.type) {
      case 'started':
      case 'cached':
        names.set(event.vertex, event.note.name);
        return report({ step: event.note.name, state: event.type });
      case 'log':
        return report({ step: names.get(event.vertex) ?? '', state: 'log', text: event.data.toString('utf8') });
      case 'done':
        return report({ step: event.note.name, state: event.error === undefined ? 'done' : 'failed' });
      default:
        return undefined;
    }
  };
}
