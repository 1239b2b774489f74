/** The last step of the build: writes the digest of the code that makes models beside the compiled code. */
import { writeFileSync } from 'node:fs';
import { digestOfModelCode, modelCodeFile } from '../dist/training/model-code.js';

writeFileSync(modelCodeFile, JSON.stringify({ sha256: digestOfModelCode() }));
