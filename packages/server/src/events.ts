import { EventEmitter, on } from 'node:events';

/** What happened to an image, as `GET /events` tells it. */
export interface ImageEvent {
  readonly Type: 'image' | 'builder';
  readonly Action: string;
  readonly Actor: { readonly ID: string; readonly Attributes: Readonly<Record<string, string>> };
  readonly scope: 'local';
  /** Seconds since the epoch. */
  readonly time: number;
  readonly timeNano: number;
}

/** How many past events can be asked for with `since`. */
const KEPT = 256;

/** Tells clients what happens to images, and remembers the last of it. */
export class ImageEvents {
  readonly #emitter = new EventEmitter().setMaxListeners(0);
  #past: readonly ImageEvent[] = [];

  tell(action: string, id: string, name = id, type: ImageEvent['Type'] = 'image'): void {
    const now = Date.now();
    const event: ImageEvent = {
      Type: type,
      Action: action,
      Actor: { ID: id, Attributes: { name } },
      scope: 'local',
      time: Math.floor(now / 1000),
      timeNano: now * 1_000_000,
    };
    this.#past = [...this.#past, event].slice(-KEPT);
    this.#emitter.emit('event', event);
  }

  past(): readonly ImageEvent[] {
    return this.#past;
  }

  /** Everything that happens until the signal. */
  async *follow(signal: AbortSignal): AsyncGenerator<ImageEvent> {
    try {
      for await (const [event] of on(this.#emitter, 'event', { signal })) yield event as ImageEvent;
    } catch (error) {
      if (!signal.aborted) throw error;
    }
  }
}
