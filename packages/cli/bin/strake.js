#!/usr/bin/env node
'use strict';
require('../dist/strake.cjs').main();
