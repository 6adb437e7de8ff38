import { parentPort } from 'node:worker_threads';
import { enterPrivateMountNamespace, setUmask } from '@strake/syscalls';
import { serve } from './worker/serve';

// Before anything else: what is started from this thread later inherits its mounts.
enterPrivateMountNamespace();
setUmask(0);
if (parentPort !== null) serve(parentPort);
