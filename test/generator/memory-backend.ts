import { createMemoryBackend } from '@strake/testing';

/** The base images of the tests by their config alone: for dry runs without any engine. */
export const memoryBackend = createMemoryBackend({
  images: {
    'example.test/base:1': { config: { Env: ['PATH=/bin'], Cmd: ['/bin/sh'] } },
    'example.test/layers:1': { config: { Env: ['PATH=/bin'], Cmd: ['/bin/sh'] } },
    'example.test/config:1': { config: { Env: ['PATH=/bin', 'GREETING=hello', 'EMPTY='], User: 'app', WorkingDir: '/home/app', Entrypoint: ['/bin/echo'], Shell: ['/bin/ash', '-e', '-c'] } },
    'example.test/onbuild:1': { config: { Env: ['PATH=/bin'], OnBuild: ['ARG VERSION=unset', 'COPY . /app/', 'RUN echo "$VERSION" > /app/version'] } },
  },
});
