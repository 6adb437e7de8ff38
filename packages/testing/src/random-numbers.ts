/** Numbers that look random and are the same for the same seed. */
export interface RandomNumbers {
  /** An integer from 0, below `limit`. */
  below(limit: number): number;
  /** One of some values. Throws a RangeError when there are none. */
  pick<T>(values: readonly T[]): T;
}

/** A linear congruential generator over 32 bits (constants of Numerical Recipes), of which the upper half is used. */
export function randomNumbers(seed: number): RandomNumbers {
  let state = seed >>> 0;
  const below = (limit: number): number => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor(((state >>> 8) / 0x1_00_00_00) * limit);
  };
  return {
    below,
    pick<T>(values: readonly T[]): T {
      if (values.length === 0) throw new RangeError('nothing to pick from');
      return values[below(values.length)] as T;
    },
  };
}
