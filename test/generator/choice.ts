import { randomNumbers, type RandomNumbers } from '@strake/testing';

/** Choices that look random and are the same for the same seed. */
export class Choice {
  readonly #random: RandomNumbers;

  constructor(seed: number) {
    // Neighbouring seeds must not begin alike.
    this.#random = randomNumbers(Math.imul(seed + 1, 0x9e3779b1));
    this.#random.below(2);
  }

  /** An integer from `low` to `high`, both possible. */
  between(low: number, high: number): number {
    return low + this.#random.below(high - low + 1);
  }

  /** True in so many of a hundred cases. */
  percent(chance: number): boolean {
    return this.#random.below(100) < chance;
  }

  pick<T>(values: readonly T[]): T {
    return this.#random.pick(values);
  }

  /** One of the values, each as often as its weight says. */
  weighted<T>(values: readonly (readonly [weight: number, value: T])[]): T {
    let left = this.#random.below(values.reduce((sum, [weight]) => sum + weight, 0));
    for (const [weight, value] of values) {
      left -= weight;
      if (left < 0) return value;
    }
    throw new RangeError('nothing to pick from');
  }

  /** What `make` gives, from `low` to `high` times. */
  several<T>(low: number, high: number, make: () => T): readonly T[] {
    return Array.from({ length: this.between(low, high) }, make);
  }

  /** The text in so many of a hundred cases, else nothing. */
  maybe(chance: number, text: () => string): string {
    return this.percent(chance) ? text() : '';
  }
}
