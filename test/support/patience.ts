import { jest } from '@jest/globals';

// Whole programs are started and models trained, on machines that do other things besides.
jest.setTimeout(240_000);
