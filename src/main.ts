#!/usr/bin/env node
import { serve } from './serve.js';
import { exitWith } from './cli/exit.js';

try {
  await serve();
} catch (error) {
  exitWith(error);
}
