import { defineInstruction } from '@strake/api';
import { expandPorts } from './ports';

/** EXPOSE: names the ports that a container listens on. */
export const expose = defineInstruction({
  keyword: 'EXPOSE',
  summary: 'names the ports that a container listens on',
  args: { kind: 'words', expand: 'words', sort: true, min: 1 },
  lower: ({ args }) => {
    const exposedPorts = args.flatMap(expandPorts);
    return { config: { exposedPorts }, history: `EXPOSE [${exposedPorts.join(' ')}]` };
  },
});
