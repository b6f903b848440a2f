#!/usr/bin/env node
// The command line runs from its TypeScript sources: nothing to build, never stale.
import { register } from 'tsx/esm/api';

register();
await import('./program.ts');
