import type { TransferProgress } from 'strake';
import type { JsonMessage } from '../build/json-messages';
import { shortId } from '../build/short-id';

/** Sends a line of progress. */
export type Tell = (message: JsonMessage) => void;

const WORDS: Readonly<Record<'pull' | 'push', Readonly<Record<TransferProgress['state'], string>>>> = {
  pull: { waiting: 'Pulling fs layer', running: 'Downloading', done: 'Pull complete', exists: 'Already exists', mounted: 'Pull complete' },
  push: { waiting: 'Preparing', running: 'Pushing', done: 'Pushed', exists: 'Layer already exists', mounted: 'Mounted from' },
};

/** Layers on their way, each a line of its own in Docker's client. One that waits to be pulled is told when it does not turn out to be here. */
export function progressTo(tell: Tell, doing: 'pull' | 'push'): (progress: TransferProgress) => void {
  const waiting = new Set<string>();
  return ({ descriptor: { digest, size }, kind, state, current, from }) => {
    if (kind === 'config') return;
    const say = (what: TransferProgress['state']): void => tell({
      status: `${WORDS[doing][what]}${from === undefined ? '' : ` ${from}`}`, id: shortId(digest), progressDetail: what === 'running' ? { current, total: size } : {},
    });
    if (doing === 'pull' && state === 'waiting') return void waiting.add(digest);
    if (waiting.delete(digest) && state !== 'exists') say('waiting');
    say(state);
  };
}
