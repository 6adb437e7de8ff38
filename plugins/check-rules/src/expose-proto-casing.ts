import { defineRule } from '@strake/api';
import { exposeFix } from './expose-fix';
import { pageOf } from './page-of';
import { writtenPort } from './written-port';

/** A protocol with upper case letters in it. */
export const exposeProtoCasing = defineRule({
  name: 'ExposeProtoCasing',
  description: 'Protocol in EXPOSE instruction should be lowercase',
  url: pageOf('expose-proto-casing'),
  instruction(facts) {
    if (facts.node.keyword !== 'EXPOSE') return [];
    return (facts.instruction.args as readonly string[]).flatMap((port) => {
      const { protocol } = writtenPort(port);
      if (protocol === protocol.toLowerCase()) return [];
      return [{ message: `Defined protocol '${port}' in EXPOSE instruction should be lowercase`, ...exposeFix(facts, port, withLowerProtocol) }];
    });
  },
});

function withLowerProtocol(port: string): string {
  const { before, container, protocol } = writtenPort(port);
  return protocol === '' ? port : `${before}${container}/${protocol.toLowerCase()}`;
}
