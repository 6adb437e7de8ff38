import type { BuildEvent } from 'strake';

/** What clients are told of a build, in the shape of a server-sent event. */
export interface Message {
  readonly event: 'step' | 'log' | 'warning' | 'look' | 'image' | 'failure';
  readonly data: unknown;
}

/** What an event of a build is to clients; undefined for what they do not watch. */
export function messageOf(event: BuildEvent): Message | undefined {
  switch (event.type) {
    case 'started':
    case 'cached':
      return { event: 'step', data: { vertex: event.vertex, name: event.note.name, state: event.type } };
    case 'done':
      return { event: 'step', data: { vertex: event.vertex, name: event.note.name, state: event.error === undefined ? 'done' : 'failed', milliseconds: Math.round(event.milliseconds) } };
    case 'log':
      return { event: 'log', data: { vertex: event.vertex, text: event.data.toString() } };
    case 'warning':
      return { event: 'warning', data: { code: event.diagnostic.code, message: event.diagnostic.message } };
    default:
      return undefined;
  }
}
