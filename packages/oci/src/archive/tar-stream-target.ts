import type { Writable } from 'node:stream';
import type { LayoutTarget } from '../layout/layout-target';
import { streamBytes } from './byte-target';
import { tarTarget } from './tar-target';
import { TarWriter } from './tar-writer';

/** A layout as a tar that is written to a stream as it is made. The stream is not ended: standard output never is. */
export function tarStreamTarget(stream: Writable): LayoutTarget {
  const bytes = streamBytes(stream);
  return {
    ...tarTarget((chunk) => bytes.write(chunk), 'the output'),
    abort: () => bytes.abort(),
    commit: async () => {
      await new TarWriter((chunk) => bytes.write(chunk)).end();
      bytes.commit();
    },
  };
}
