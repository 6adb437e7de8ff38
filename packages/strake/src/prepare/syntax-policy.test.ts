import { defineInstruction } from '@strake/api';
import { createBuilder } from '../builder/create-builder';
import type { SyntaxRule } from './syntax-policy';
import { makeScratch, type Scratch } from '../test-support/scratch';

const note = defineInstruction({ keyword: 'NOTE', summary: '', args: { kind: 'raw' }, lower: ({ args }) => ({ config: { labels: { note: args } } }) });

describe('the frontend that a file asks for', () => {
  let scratch: Scratch;
  beforeEach(() => void (scratch = makeScratch()));
  afterEach(() => scratch.remove());

  async function build(text: string, syntax: readonly SyntaxRule[] = [], buildArgs: Record<string, string> = {}) {
    const builder = await createBuilder({ store: scratch.store, syntax });
    try {
      return await builder.build({ context: scratch.context, dockerfile: { text, name: 'Dockerfile' }, buildArgs });
    } finally {
      await builder.close();
    }
  }
  const codes = async (...given: Parameters<typeof build>) => (await build(...given)).warnings.map(({ code }) => code);

  test.each([
    ['docker/dockerfile:1', []],
    ['docker.io/docker/dockerfile:1.7', []],
    ['docker/dockerfile', []],
    [`docker/dockerfile:1@sha256:${'a'.repeat(64)}`, []],
    ['docker/dockerfile:1-labs', ['LabsSyntax']],
    ['docker/dockerfile-upstream:master-labs', ['LabsSyntax']],
    ['docker/dockerfiles:1', ['UnknownSyntax']],
    ['example.test/frontend:1 with arguments', ['UnknownSyntax']],
  ])('%s: %j', async (image, expected) => {
    expect(await codes(`# syntax=${image}\nFROM scratch\nLABEL a=b\n`)).toEqual(expected);
  });

  test('a warning says where the file asks for it', async () => {
    const { warnings } = await build('#!/bin/x\n# check=skip=all\n#syntax = x/y \nFROM scratch\nLABEL a=b\n');
    expect(warnings[0]).toMatchObject({ code: 'UnknownSyntax', message: 'the frontend x/y is not used: the file is read as a Dockerfile', range: { start: { line: 3, column: 1 }, end: { line: 3, column: 14 } } });
  });

  test('rules ignore, refuse and map; the first that matches decides', async () => {
    const rules: readonly SyntaxRule[] = [{ image: 'ok/*', use: 'ignore' }, { image: '*bad*', use: 'refuse' }, { image: 'notes/frontend:*', use: [note] }];
    expect(await codes('# syntax=ok/bad:1\nFROM scratch\nLABEL a=b\n', rules)).toEqual([]);
    await expect(build('# syntax=x/bad:1\nFROM scratch\n', rules)).rejects.toMatchObject({ code: 'UNSUPPORTED', message: 'the frontend x/bad:1 is refused by the configuration', range: { start: { line: 1 } } });
    const { config } = await build('# syntax=notes/frontend:1\nFROM scratch\nNOTE hello\n', rules);
    expect(config.config.Labels).toEqual({ note: 'hello' });
    await expect(build('FROM scratch\nNOTE hello\n', rules)).rejects.toMatchObject({ code: 'UNKNOWN_INSTRUCTION' });
  });

  test('BUILDKIT_SYNTAX goes before the file', async () => {
    const rules: readonly SyntaxRule[] = [{ image: 'notes/frontend', use: [note] }];
    const { config, warnings } = await build('# syntax=x/y\nFROM scratch\nNOTE hello\n', rules, { BUILDKIT_SYNTAX: 'notes/frontend' });
    expect([config.config.Labels, warnings]).toEqual([{ note: 'hello' }, []]);
  });

  test.each([['// syntax=x/y\nFROM scratch\n'], ['{"syntax": "x/y", "a": [1]}\n']])('files that are no Dockerfiles are refused: %j', async (text) => {
    await expect(build(text)).rejects.toMatchObject({ code: 'UNSUPPORTED', message: 'this file is for the frontend x/y: it is no Dockerfile', range: { start: { line: 1 } } });
  });
});
