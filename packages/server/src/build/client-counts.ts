import { nameOf, type QueueClient } from './queue-client';

/** Counts how many of some clients' builds there are, by owner and by part. */
export class ClientCounts {
  readonly #counts = new Map<string, number>();

  add(client: QueueClient, change: 1 | -1): void {
    for (const name of [client.owner, nameOf(client)]) {
      const count = (this.#counts.get(name) ?? 0) + change;
      if (count === 0) this.#counts.delete(name);
      else this.#counts.set(name, count);
    }
  }

  ofOwner({ owner }: QueueClient): number {
    return this.#counts.get(owner) ?? 0;
  }

  ofPart(client: QueueClient): number {
    return this.#counts.get(nameOf(client)) ?? 0;
  }
}
