import { proxyFor } from './proxy';

const proxies = { HTTPS_PROXY: 'http://secure.test:3128', HTTP_PROXY: 'plain.test:3128' };

test.each([
  ['https://registry.test/v2/', {}, undefined],
  ['https://registry.test/v2/', proxies, 'http://secure.test:3128'],
  ['http://registry.test/v2/', proxies, 'http://plain.test:3128'],
  ['https://registry.test/', { https_proxy: 'http://lower.test' }, 'http://lower.test'],
  ['http://localhost:5000/', proxies, undefined],
  ['http://127.3.2.1:5000/', proxies, undefined],
  ['http://[::1]:5000/', proxies, undefined],
  ['https://registry.test/', { ...proxies, NO_PROXY: '*' }, undefined],
  ['https://registry.test/', { ...proxies, NO_PROXY: 'other.test, registry.test' }, undefined],
  ['https://a.registry.test/', { ...proxies, NO_PROXY: 'registry.test' }, undefined],
  ['https://a.registry.test/', { ...proxies, NO_PROXY: '.registry.test' }, undefined],
  ['https://registry.test/', { ...proxies, NO_PROXY: '.registry.test' }, 'http://secure.test:3128'],
  ['https://myregistry.test/', { ...proxies, NO_PROXY: 'registry.test' }, 'http://secure.test:3128'],
  ['https://registry.test:8443/', { ...proxies, NO_PROXY: 'registry.test:8443' }, undefined],
  ['https://registry.test/', { ...proxies, NO_PROXY: 'registry.test:8443' }, 'http://secure.test:3128'],
  ['https://10.1.2.3/', { ...proxies, NO_PROXY: '10.0.0.0/8' }, undefined],
  ['https://11.1.2.3/', { ...proxies, NO_PROXY: '10.0.0.0/8' }, 'http://secure.test:3128'],
  ['https://[fd00::1]/', { ...proxies, NO_PROXY: 'fd00::/8' }, undefined],
  ['https://10.1.2.3/', { ...proxies, NO_PROXY: '10.0.0.0/99,x/8' }, 'http://secure.test:3128'],
])('%s with %j is asked through %s', (url, env, proxy) => {
  expect(proxyFor(new URL(url), env)).toBe(proxy);
});
