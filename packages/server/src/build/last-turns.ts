import { nameOf, type QueueClient } from './queue-client';

/** When each client had its last turn, by owner and by part. */
export class LastTurns {
  readonly #turns = new Map<string, number>();
  #turn = 0;

  take(client: QueueClient): void {
    this.#turn += 1;
    for (const name of [client.owner, nameOf(client)]) this.#turns.set(name, this.#turn);
  }

  /** 0: none that is remembered. */
  ofOwner({ owner }: QueueClient): number {
    return this.#turns.get(owner) ?? 0;
  }

  ofPart(client: QueueClient): number {
    return this.#turns.get(nameOf(client)) ?? 0;
  }

  forget(names: Iterable<string>): void {
    for (const name of names) this.#turns.delete(name);
  }
}
