import { defineRule } from '@strake/api';
import { exposeFix } from './expose-fix';
import { pageOf } from './page-of';
import { writtenPort } from './written-port';

/** An address or a port of the host in EXPOSE, which knows only ports of the container. */
export const exposeInvalidFormat = defineRule({
  name: 'ExposeInvalidFormat',
  description: 'IP address and host-port mapping should not be used in EXPOSE instruction. This will become an error in a future release',
  url: pageOf('expose-invalid-format'),
  instruction(facts) {
    if (facts.node.keyword !== 'EXPOSE') return [];
    return (facts.instruction.args as readonly string[]).flatMap((port) => {
      if (/^:*$/.test(writtenPort(port).before)) return [];
      return [{ message: `EXPOSE instruction should not define an IP address or host-port mapping, found '${port}'`, ...exposeFix(facts, port, containerPort) }];
    });
  },
});

function containerPort(port: string): string {
  const { container, protocol } = writtenPort(port);
  return protocol === '' ? container : `${container}/${protocol}`;
}
