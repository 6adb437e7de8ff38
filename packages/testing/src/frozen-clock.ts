/** A clock that goes only when it is told to: give its `now` to whatever would ask `Date.now`. */
export interface FrozenClock {
  /** Milliseconds since 1970. */
  now(): number;
  /** RFC 3339. */
  text(): string;
  /** Goes on, in milliseconds. */
  advance(milliseconds: number): void;
}

/** A clock that stands still, at the beginning of 2001 by default. */
export function frozenClock(start: string | number = '2001-01-01T00:00:00Z'): FrozenClock {
  let time = new Date(start).getTime();
  if (Number.isNaN(time)) throw new RangeError(`not a time: ${start}`);
  return {
    now: () => time,
    text: () => new Date(time).toISOString(),
    advance: (milliseconds) => void (time += milliseconds),
  };
}
