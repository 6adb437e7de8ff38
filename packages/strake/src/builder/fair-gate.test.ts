import { FairGate } from './fair-gate';

/** Work that says when it has begun and ends when it is told. */
function pieces(): { add(lane: ReturnType<FairGate['lane']>, name: string): void; end(name: string): Promise<void>; readonly begun: string[] } {
  const ends = new Map<string, () => void>();
  const begun: string[] = [];
  return {
    begun,
    add: (lane, name) => {
      void lane.run(() => {
        begun.push(name);
        return new Promise<void>((resolve) => ends.set(name, resolve));
      });
    },
    end: async (name) => {
      ends.get(name)?.();
      await new Promise((resolve) => setImmediate(resolve));
    },
  };
}

test('as many as the limit run; then each build in its turn', async () => {
  const gate = new FairGate(2);
  const [large, small] = [gate.lane(), gate.lane()];
  const { add, end, begun } = pieces();
  for (const name of ['a1', 'a2', 'a3', 'a4', 'a5']) add(large, name);
  for (const name of ['b1', 'b2']) add(small, name);
  expect(begun).toEqual(['a1', 'a2']);
  for (const name of ['a1', 'a2', 'a3', 'b1']) await end(name);
  expect(begun).toEqual(['a1', 'a2', 'a3', 'b1', 'a4', 'b2']);
});

test('work that fails makes room', async () => {
  const gate = new FairGate(1);
  const lane = gate.lane();
  await expect(lane.run(() => Promise.reject(new Error('no')))).rejects.toThrow('no');
  await expect(lane.run(async () => 'yes')).resolves.toBe('yes');
});
