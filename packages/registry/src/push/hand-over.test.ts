import { HandOver } from './hand-over';

const chunk = (text: string): Buffer => Buffer.from(text);

test('chunks come in their order, each done with when the next one is asked for', async () => {
  const handOver = new HandOver(100);
  const told: string[] = [];
  for (const text of ['one', 'two']) await handOver.put(chunk(text), () => told.push(`done ${text}`));
  handOver.complete();
  for await (const taken of handOver.take()) told.push(taken.toString());
  expect(told).toEqual(['one', 'done one', 'two', 'done two']);
  expect(handOver.isTaken).toBe(true);
});

test('whoever brings waits while too much lies there, and whoever takes until something does', async () => {
  const handOver = new HandOver(4);
  const taking = handOver.take();
  const first = taking.next();
  await handOver.put(chunk('abc'), () => undefined);
  expect((await first).value).toEqual(chunk('abc'));
  await handOver.put(chunk('def'), () => undefined);
  let went = false;
  const third = handOver.put(chunk('ghi'), () => undefined).then(() => (went = true));
  await new Promise((resolve) => setImmediate(resolve));
  expect(went).toBe(false);
  await taking.next();
  await third;
  expect(went).toBe(true);
});

test('when it breaks, nobody waits any more', async () => {
  const handOver = new HandOver(2);
  const done = jest.fn();
  const stuck = handOver.put(chunk('abc'), done);
  handOver.break();
  await stuck;
  await handOver.put(chunk('def'), done);
  handOver.complete();
  await expect(handOver.take().next()).rejects.toThrow('broken off');
  expect([done.mock.calls.length, handOver.isTaken]).toEqual([0, false]);
});
