import { ruleTest } from '@strake/testing';
import { defaultPlugins } from 'strake';
import { undefinedVar } from './undefined-var';

ruleTest(undefinedVar, {
  instructions: defaultPlugins,
  rows: [
    { text: 'FROM scratch\nENV a=$b c=d\nCOPY --chown=$e $c /', expected: ["2:5 Usage of undefined variable '$b'", "3:6 Usage of undefined variable '$e' (did you mean $a?)"] },
    { text: 'FROM base\nENV a=$LANGUAGE', images: { base: { env: ['LANGUAGES=x'] } }, expected: ["2:5 Usage of undefined variable '$LANGUAGE' (did you mean $LANGUAGES?)"] },
    { name: 'declared without a value', text: 'FROM scratch\nARG b\nENV a=$b', expected: [] },
    { name: 'a base that is not known may set it', text: 'FROM nowhere AS a\nENV a=$b\nFROM a\nENV c=$d', expected: [] },
    { name: 'what a shell expands, and EXPOSE', text: 'FROM scratch\nRUN $a\nCMD $b\nEXPOSE 80 $c', expected: [] },
  ],
}, test);
