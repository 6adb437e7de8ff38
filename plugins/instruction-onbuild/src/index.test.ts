import { instructionTest } from '@strake/testing';
import { onbuild } from './index';

instructionTest(onbuild, {
  lowers: [
    { text: 'ONBUILD RUN make $x', stage: { env: ['x=1'] }, expected: { config: { onBuild: ['RUN make $x'] }, history: null } },
    { text: 'ONBUILD COPY --from=a b c', expected: { config: { onBuild: ['COPY --from=a b c'] }, history: null } },
  ],
  refuses: [
    { text: 'ONBUILD', message: 'ONBUILD requires at least one argument', at: '1:1' },
    { text: 'ONBUILD ONBUILD RUN x', message: "Chaining ONBUILD via `ONBUILD ONBUILD` isn't allowed", at: '1:9' },
    { text: 'ONBUILD from x', message: "FROM isn't allowed as an ONBUILD trigger", at: '1:9' },
    { text: 'ONBUILD MAINTAINER x', message: "MAINTAINER isn't allowed as an ONBUILD trigger", at: '1:9' },
  ],
}, test);
