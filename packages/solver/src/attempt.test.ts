import { CancelledError, StepFailedError, StepTimeoutError, type ApplyOptions, type Vertex } from '@strake/api';
import { attempt } from './attempt';
import { exec, vertex } from './test-support/graph';

const step = (attempts: Vertex['attempts']): Vertex => ({ ...vertex('step', [exec(['make'])]), ...(attempts === undefined ? {} : { attempts }) });
const failed = () => new StepFailedError(['make'], 2);

function follow(signal = new AbortController().signal): { readonly options: ApplyOptions; readonly said: string[] } {
  const said: string[] = [];
  return { said, options: { signal, log: (_stream, data) => void said.push(data.toString()), progress: () => undefined } };
}

/** Ends as a backend does that is stopped. */
const stopped = ({ signal }: ApplyOptions) => new Promise<never>((_resolve, reject) => signal.addEventListener('abort', () => reject(new CancelledError()), { once: true }));

test('a program that fails is tried again, and each attempt is told', async () => {
  const { options, said } = follow();
  let tries = 0;
  const work = async () => (++tries < 3 ? Promise.reject(failed()) : 'made');
  expect(await attempt(step({ retries: 2 }), options, work)).toBe('made');
  expect(said).toEqual([1, 2].map((number) => `strake: attempt ${number} of 3 failed: process "make" did not complete successfully: exit code: 2\n`));
});

test('the last failure is the error, with its number', async () => {
  const work = () => Promise.reject(failed());
  await expect(attempt(step({ retries: 1 }), follow().options, work)).rejects.toMatchObject({ code: 'STEP_FAILED', notes: ['it failed 2 times'] });
  await expect(attempt(step(undefined), follow().options, work)).rejects.toMatchObject({ code: 'STEP_FAILED', notes: [] });
});

test('what is no failure of the program is not tried again', async () => {
  let tries = 0;
  const work = async () => {
    tries += 1;
    throw new Error('disk');
  };
  await expect(attempt(step({ retries: 5 }), follow().options, work)).rejects.toThrow('disk');
  expect(tries).toBe(1);
});

test('an attempt that takes too long is stopped and says so; the next one has all its time', async () => {
  const { options, said } = follow();
  await expect(attempt(step({ timeout: 0.01, retries: 1 }), options, stopped)).rejects.toEqual(expect.any(StepTimeoutError));
  expect(said).toHaveLength(1);
});

test('a build that is cancelled is cancelled, not late, and nothing is tried again', async () => {
  const stop = new AbortController();
  const { options, said } = follow(stop.signal);
  const ended = attempt(step({ timeout: 60, retries: 3 }), options, stopped);
  stop.abort();
  await expect(ended).rejects.toEqual(expect.any(CancelledError));
  expect(said).toEqual([]);
});
