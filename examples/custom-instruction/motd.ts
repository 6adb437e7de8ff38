import { defineInstruction } from '@strake/api';

/** `MOTD TEXT`: writes the message of the day. */
export const motd = defineInstruction({
  keyword: 'MOTD',
  summary: 'writes the message of the day',
  args: { kind: 'raw', expand: 'word' },
  lower: ({ args }) => ({ ops: [{ type: 'mkfile', path: '/etc/motd', content: `${args}\n`, mode: 0o644 }] }),
});
