import { GivenCredentials } from './given-credentials';

describe('a provider of credentials', () => {
  test('answers by host and repository, and is asked once for a crowd', async () => {
    const asked: string[] = [];
    const credentials = new GivenCredentials(async (host, repository) => {
      asked.push(`${host} ${repository ?? ''}`);
      return host === 'a.test' ? { username: 'me', password: 'secret' } : host === 'b.test' ? { token: 'bearer' } : undefined;
    });
    const answers = await Promise.all([credentials.get('a.test', 'x'), credentials.get('a.test', 'x'), credentials.get('b.test'), credentials.get('c.test')]);
    expect(answers).toEqual([{ kind: 'password', username: 'me', password: 'secret' }, { kind: 'password', username: 'me', password: 'secret' }, { kind: 'bearer', token: 'bearer' }, undefined]);
    expect(asked).toEqual(['a.test x', 'b.test ', 'c.test ']);
  });

  test('that fails says nothing of what it knows, and is asked again', async () => {
    let times = 0;
    const credentials = new GivenCredentials(() => {
      if ((times += 1) === 1) throw new Error('token sentinel expired');
      return { token: 't' };
    });
    await expect(credentials.get('a.test')).rejects.toMatchObject({ code: 'REGISTRY_DENIED', message: expect.not.stringContaining('sentinel') as unknown });
    await expect(credentials.get('a.test')).resolves.toEqual({ kind: 'bearer', token: 't' });
  });

  test('keeps nothing', async () => {
    const credentials = new GivenCredentials(() => undefined);
    await expect(credentials.set('a.test')).rejects.toMatchObject({ code: 'USAGE' });
    await expect(credentials.delete('a.test')).rejects.toMatchObject({ code: 'USAGE' });
  });
});
