import { join } from 'node:path';
import type * as Command from '../index';
import { loadModule } from './load-module';

// what bin/strake.js loads: all else comes with compiled code
const { main } = loadModule(join(__dirname, 'strake.cjs')).exports as typeof Command;
void main();
