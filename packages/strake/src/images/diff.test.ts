import { createBuilder, type Builder } from '../builder/create-builder';
import { describeBuilds, makeScratch, shell, type Scratch } from '../test-support/scratch';

jest.setTimeout(60_000);

describeBuilds('diff', () => {
  let scratch: Scratch;
  let builder: Builder;
  beforeAll(async () => {
    scratch = makeScratch();
    builder = await createBuilder({ store: scratch.store, cwd: scratch.folder });
    await make('one', 'ENV A=1\nRUN echo x > /file && echo same > /same && touch /gone && touch -d @1 /file /same /gone');
    await make('two', 'ENV A=2\nRUN echo y > /file && chmod 600 /file && echo same > /same && touch -d @1 /file && touch -d @2 /same');
  });
  afterAll(async () => {
    await builder.close();
    scratch.remove();
  });

  const make = (name: string, text: string) => builder.build({
    context: 'context',
    dockerfile: { text: `${shell}${text}\n`, name: 'Dockerfile' },
    tags: [name],
    buildArgs: { SOURCE_DATE_EPOCH: '1000000000' },
    outputs: [{ type: 'oci', attributes: { dest: `${name}.tar`, compression: 'gzip' } }],
  });

  test('names the field of the config, and the field of each entry', async () => {
    const differences = await builder.diff('one', 'two');
    expect(differences.filter(({ where }) => !where.startsWith('history'))).toEqual([
      { where: 'config', field: 'config.Env[1]', a: 'A=1', b: 'A=2' },
      { where: 'layer 2', path: 'file', field: 'mode', a: '0644', b: '0600' },
      { where: 'layer 2', path: 'file', field: 'content', a: expect.stringMatching(/^sha256:/), b: expect.stringMatching(/^sha256:/) },
      { where: 'layer 2', path: 'gone', field: 'entry', a: 'file' },
      { where: 'layer 2', path: 'same', field: 'mtime', a: '1970-01-01T00:00:01Z', b: '1970-01-01T00:00:02Z' },
    ]);
    expect(differences.filter(({ where }) => where.startsWith('history')).map(({ field }) => field)).toEqual(['created_by', 'created_by']);
  });

  test('an archive and the store are the same image, however it is compressed', async () => {
    expect(await builder.diff('one', 'one.tar')).toEqual([]);
    expect(await builder.diff('two.tar', 'one.tar')).not.toEqual([]);
  });

  test('a layout is named by its tag, and the store as copy names it', async () => {
    const registries = builder.registries();
    await registries.copy('store:one', 'oci-layout://layout:first');
    await registries.copy('store:two', 'oci-layout://layout:second');
    expect(await builder.diff('store:one', 'oci-layout://layout:first')).toEqual([]);
    expect(await builder.diff('two', 'oci:layout:second')).toEqual([]);
    expect(await builder.diff('oci-layout://layout:first', 'oci-layout://layout:second')).toEqual(await builder.diff('one', 'two'));
    await expect(builder.diff('one', 'oci-layout://layout:third')).rejects.toMatchObject({ code: 'IMAGE_MISSING', hint: expect.stringContaining('first, second') as unknown });
    await expect(builder.diff('one', 'oci-layout://layout')).rejects.toMatchObject({ code: 'USAGE' });
    await expect(builder.diff('one', 'oci-layout://')).rejects.toMatchObject({ code: 'USAGE', message: 'it names no folder' });
    await expect(builder.diff('one', 'docker://example.test/two')).rejects.toMatchObject({ code: 'USAGE', hint: 'Bring it first: strake pull example.test/two' });
  });

  test('what is not there is named', async () => {
    await expect(builder.diff('one', 'none')).rejects.toMatchObject({ code: 'IMAGE_MISSING' });
  });
});
