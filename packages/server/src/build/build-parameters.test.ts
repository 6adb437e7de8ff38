import { readBuildParameters, type BuildParameters } from './build-parameters';

const read = (text: string): BuildParameters => readBuildParameters(new URLSearchParams(text));

const defaults: BuildParameters = {
  remote: undefined, dockerfile: undefined, tags: [], quiet: false, noCache: false, cacheFrom: [], pull: false, buildArgs: {}, labels: {}, target: undefined,
  platform: undefined, network: 'default', extraHosts: [], remove: true, limits: undefined, squash: false, buildId: undefined,
};

const honoured: readonly (readonly [string, Partial<BuildParameters>])[] = [
  ['', {}],
  // What the docker command sends when nothing is asked for.
  ['buildargs=%7B%7D&cachefrom=%5B%5D&cgroupparent=&cpuperiod=0&cpuquota=0&cpusetcpus=&cpusetmems=&cpushares=0&dockerfile=Dockerfile&labels=%7B%7D&memory=0&memswap=0&networkmode=default&rm=1&shmsize=0&target=&ulimits=%5B%5D&version=1', { dockerfile: 'Dockerfile' }],
  ['dockerfile=a/b', { dockerfile: 'a/b' }],
  ['t=a&t=b:1&t=a', { tags: ['a', 'b:1'] }],
  ['extrahosts=a:1.2.3.4&extrahosts=b:5.6.7.8', { extraHosts: ['a:1.2.3.4', 'b:5.6.7.8'] }],
  ['remote=https://example.test/x.git', { remote: 'https://example.test/x.git' }],
  ['q=1', { quiet: true }],
  ['nocache=true', { noCache: true }],
  ['cachefrom=["a","b:1"]', { cacheFrom: ['a', 'b:1'] }],
  ['pull=1', { pull: true }],
  ['rm=0&forcerm=1', {}],
  ['rm=0', { remove: false }],
  ['rm=', {}],
  ['buildargs={"a":"1","b":null}', { buildArgs: { a: '1', b: undefined } }],
  ['labels={"a":"1"}', { labels: { a: '1' } }],
  ['networkmode=host', { network: 'host' }],
  ['networkmode=bridge', { network: 'default' }],
  ['target=x&platform=linux/arm64&buildid=7', { target: 'x', platform: 'linux/arm64', buildId: '7' }],
  ['memory=1073741824&memswap=-1&cpushares=5&cpuperiod=6&cpuquota=7&cpusetcpus=0-1&cpusetmems=0&cgroupparent=/x&shmsize=8&ulimits=[{"Name":"nofile","Hard":2,"Soft":1}]', {
    limits: { memory: 1073741824, memorySwap: -1, cpuShares: 5, cpuPeriod: 6, cpuQuota: 7, cpusetCpus: '0-1', cpusetMems: '0', cgroupParent: '/x', shmSize: 8, ulimits: [{ name: 'nofile', soft: 1, hard: 2 }] },
  }],
  ['squash=1', { squash: true }],
  ['isolation=default&outputs=[]&ulimits=null&cachefrom=null&session=', {}],
];

const refused: readonly (readonly [string, number, string])[] = [
  ['memory=x', 400, 'invalid value for memory: x'],
  ['ulimits=[{"Name":"nofile"}]', 400, 'error reading ulimits: not of the form that is expected'],
  ['ulimits={"nofile":1}', 400, 'error reading ulimits: not of the form that is expected'],
  ['cpushares=1.5', 400, 'invalid value for cpushares: 1.5'],
  ['securityopt=x', 400, 'security options are not supported on linux'],
  ['isolation=process', 400, 'unsupported isolation: "process"'],
  ['networkmode=container:1', 400, 'networkmode container:1 is not supported: default, host and none are'],
  ['version=2', 400, 'BuildKit sessions are not served: set DOCKER_BUILDKIT=0'],
  ['version=3', 400, 'invalid version 3'],
  ['session=x', 400, 'sessions are not served: set DOCKER_BUILDKIT=0'],
  ['remote=client-session', 400, 'sessions are not served: set DOCKER_BUILDKIT=0'],
  ['remote=/etc', 400, 'invalid remote: /etc'],
  ['remote=.', 400, 'invalid remote: .'],
  ['outputs=[{"Type":"tar"}]', 400, 'outputs is not supported: images go to the store of this server'],
  ['t=a@sha256:0', 400, 'build tag cannot contain a digest'],
  ['buildargs={', 400, 'error reading buildargs: '],
  ['buildargs=[]', 400, 'error reading buildargs: not of the form that is expected'],
  ['labels={"a":1}', 400, 'error reading labels: not of the form that is expected'],
  ['target=a&target=b', 400, 'the build parameter target is given twice'],
  ['nonsense=1', 400, 'unknown build parameter: nonsense'],
];

describe('the parameters of a build', () => {
  test.each(honoured)('%s', (text, expected) => {
    expect(read(text)).toEqual({ ...defaults, ...expected });
  });

  test.each(refused)('%s is refused', (text, status, message) => {
    const attempt = (): unknown => {
      try {
        return read(text);
      } catch (error) {
        return error;
      }
    };
    expect(attempt()).toMatchObject({ status, message: expect.stringContaining(message) as unknown });
  });
});
