import type { InstructionFacts, StageView } from '@strake/api';
import { argumentList } from './argument-list';
import { copySum } from './copy-sum';
import { isLater } from './image-cache';
import { stepCommands } from './step-text';

const view = (more: Partial<StageView> = {}): StageView => ({ shell: ['/bin/sh', '-c'], config: { Env: ['PATH=/bin'] }, args: [], declared: [], env: ['PATH=/bin'], expand: (text: string) => text.replaceAll('$V', 'v'), ...more }) as unknown as StageView;

const facts = (keyword: string, args: unknown, more: { readonly flags?: object; readonly lowered?: object; readonly view?: Partial<StageView> } = {}): InstructionFacts =>
  ({ instruction: { keyword, args, flags: more.flags ?? {}, heredocs: [], text: `${keyword} written` }, lowered: more.lowered ?? {}, view: view(more.view) }) as unknown as InstructionFacts;

const copy = { ops: [{ type: 'copy' }] };

/** What Docker Engine 20.10 and 28.5 wrote for the same instructions. */
test.each<[string, InstructionFacts, readonly string[]]>([
  ['ARG', facts('ARG', [], { lowered: { args: [{ name: 'A', value: 'x$Vy' }, { name: 'B' }] } }), ['#(nop) ', 'ARG A=xvy B']],
  ['EXPOSE', facts('EXPOSE', ['53/udp', '7000', '80', '90-92/tcp'], { lowered: { history: 'EXPOSE [53/udp]' } }), ['#(nop) ', 'EXPOSE 53/udp 7000 80 90-92/tcp']],
  ['ONBUILD', facts('ONBUILD', { keyword: 'COPY', text: 'copy a  b' }), ['#(nop) ', 'ONBUILD copy a  b']],
  ['ENV', facts('ENV', [], { lowered: { history: 'ENV E=f G=h i' } }), ['#(nop) ', 'ENV E=f G=h i']],
  ['COPY', facts('COPY', { sources: ['a'], destination: '/dst/' }, { lowered: copy }), ['#(nop) COPY file:1 in /dst/ ']],
  ['ADD', facts('ADD', { sources: ['a'], destination: 'rel' }, { lowered: copy }), ['#(nop) ADD file:1 in rel ']],
  ['COPY --chown', facts('COPY', { sources: ['a'], destination: '/d' }, { lowered: copy, flags: { chown: '1:2' } }), ['#(nop) COPY --chown=1:2 file:1 in /d ']],
  ['an instruction of a plugin', facts('MOTD', 'hi', { lowered: { history: 'MOTD hi' } }), ['#(nop) MOTD hi file:1 ']],
])('%s', (_name, instruction, expected) => {
  expect(stepCommands(instruction, { config: {}, buildArgs: {}, sum: 'file:1' })[0]).toEqual(['/bin/sh', '-c', ...expected]);
});

test('a health check has the text of each version', () => {
  const healthcheck = { Test: ['CMD-SHELL', 'echo "hi there"'], Interval: 30e9, Timeout: 90e9, Retries: 3 };
  const quoted = 'HEALTHCHECK &{["CMD-SHELL" "echo \\"hi there\\""] "30s" "1m30s" "0s" "0s" \'\\x03\'}';
  const texts = stepCommands(facts('HEALTHCHECK', {}, { lowered: { config: { healthcheck }, history: quoted } }), { config: {}, buildArgs: {}, sum: undefined }).map((words) => words.at(-1));
  expect(texts).toEqual(expect.arrayContaining([
    'HEALTHCHECK &{["CMD-SHELL" "echo \\"hi there\\""] "30s" "1m30s" "0s" \'\\x03\'}',
    'HEALTHCHECK &{[CMD-SHELL echo "hi there"] 30s 1m30s 0s 0s 3}',
  ]));
});

test('a plugin\'s instruction of the same words that does something else has another text', () => {
  const text = (content: string): string => stepCommands(facts('MOTD', 'hi', { lowered: { ops: [{ type: 'mkfile', path: '/m', content, mode: 420 }] } }), { config: {}, buildArgs: {}, sum: undefined })[0].at(-1) ?? '';
  expect(text('a')).toMatch(/^#\(nop\) MOTD written ops:[0-9a-f]{64} $/);
  expect(text('a')).not.toBe(text('b'));
});

test.each<[string, Partial<StageView>, Readonly<Record<string, string>>, readonly string[] | undefined]>([
  ['no arguments', {}, {}, undefined],
  ['in the order of their bytes', { args: [{ name: 'b', value: '1' }, { name: 'B', value: '2' }, { name: 'Z', value: '3' }] }, {}, ['B=2', 'Z=3', 'b=1']],
  ['a variable hides an argument', { args: [{ name: 'PATH', value: '/x' }] }, {}, undefined],
  ['proxies alone are no argument', {}, { HTTP_PROXY: 'p' }, []],
  ['a declared proxy is one', { args: [{ name: 'HTTP_PROXY', value: 'p' }] }, { HTTP_PROXY: 'p', no_proxy: 'z' }, ['HTTP_PROXY=p']],
  ['the last value counts', { args: [{ name: 'A', value: '1' }, { name: 'A', value: '2' }] }, {}, ['A=2']],
])('the arguments of a program: %s', (_name, more, buildArgs, expected) => {
  expect(argumentList(view(more), buildArgs)).toEqual(expected);
});

test('one sum stays, several become one in their order', () => {
  expect(copySum(['file:a'])).toBe('file:a');
  expect(copySum(['file:a', 'dir:b'])).toMatch(/^multi:[0-9a-f]{64}$/);
  expect(copySum(['file:a', 'dir:b'])).not.toBe(copySum(['dir:b', 'file:a']));
});

test.each([
  ['2026-01-01T00:00:00.1Z', '2026-01-01T00:00:00.099999999Z', true],
  ['2026-01-01T00:00:00Z', '2026-01-01T00:00:00.000000001Z', false],
  ['2026-01-01T00:00:01Z', '2026-01-01T00:00:00.9Z', true],
  ['2026-01-01T00:00:00Z', '2026-01-01T00:00:00Z', false],
])('%s is later than %s: %s', (one, other, expected) => {
  expect(isLater(one, other)).toBe(expected);
});
