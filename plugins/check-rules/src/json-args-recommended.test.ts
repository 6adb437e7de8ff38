import { ruleTest } from '@strake/testing';
import { defaultPlugins } from 'strake';
import { jsonArgsRecommended } from './json-args-recommended';

ruleTest(jsonArgsRecommended, {
  instructions: defaultPlugins,
  rows: [
    { text: 'FROM scratch\nCMD run --it now', expected: ['2:1 JSON arguments recommended for CMD to prevent unintended behavior related to OS signals'], fixed: 'FROM scratch\nCMD ["run", "--it", "now"]' },
    { name: 'a program on two lines', text: 'FROM scratch\nENTRYPOINT run \\\n  it', expected: ['2:1 JSON arguments recommended for ENTRYPOINT to prevent unintended behavior related to OS signals'], fixed: 'FROM scratch\nENTRYPOINT ["run", "it"]' },
    { name: 'a program that needs a shell is not fixed', text: 'FROM scratch\nCMD run "$it"', expected: ['2:1 JSON arguments recommended for CMD to prevent unintended behavior related to OS signals'] },
    { name: 'nor is a builtin', text: 'FROM scratch\nCMD exec it', expected: ['2:1 JSON arguments recommended for CMD to prevent unintended behavior related to OS signals'] },
    { name: 'nor one of two that mean something together', text: 'FROM scratch\nENTRYPOINT ["a"]\nCMD b', expected: ['3:1 JSON arguments recommended for CMD to prevent unintended behavior related to OS signals'] },
    { name: 'nor one on a base that is not known', text: 'FROM nowhere\nCMD b', expected: ['2:1 JSON arguments recommended for CMD to prevent unintended behavior related to OS signals'] },
    { text: 'FROM scratch\nSHELL ["bash", "-c"]\nCMD run', expected: [] },
    { name: 'the shell of the base', text: 'FROM base\nCMD run', images: { base: { shell: ['bash', '-c'] } }, expected: [] },
    { text: 'FROM scratch\nCMD ["run"]\nHEALTHCHECK CMD run', expected: [] },
  ],
}, test);
