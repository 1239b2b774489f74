#!/usr/bin/env node
import { exitWith } from './common/terminal/exit.js';
import { serve } from './serve.js';

try {
  await serve();
} catch (error) {
  exitWith(error);
}
