import { applyDecorators } from '@nestjs/common';
import { ApiBody, ApiConsumes, type SchemaObject } from '@nestjs/swagger';
import { TakesManyItems, TakesUpload } from './bodies.js';
import { streamedTypes } from './upload.js';

const file = { type: 'string', format: 'binary' } as const;

/** A record as the document shows it: the contract of its detector says more. */
export const recordSchema: SchemaObject = {
  type: 'object',
  description: 'Values by the names of columns, as the contract of the detector has them.',
  additionalProperties: {
    oneOf: [{ type: 'number' }, { type: 'string' }, { type: 'boolean' }],
    nullable: true,
  },
};

const rowSchema: SchemaObject = {
  oneOf: [
    recordSchema,
    { type: 'string', description: 'An address, of detectors whose records have nothing else.' },
  ],
};

/** Takes and documents a body of rows: JSON records, CSV, NDJSON or a multipart file. @param row one of them, as it may come */
export function RowsBody(
  example: Readonly<Record<string, unknown>>,
  row: SchemaObject = rowSchema,
): MethodDecorator {
  return applyDecorators(
    TakesUpload(...Object.keys(streamedTypes)),
    TakesManyItems(),
    ApiConsumes('application/json', 'text/csv', 'application/x-ndjson', 'multipart/form-data'),
    ApiBody({
      required: true,
      schema: {
        type: 'object',
        properties: {
          records: { type: 'array', items: row, description: 'The rows, in order.' },
          file,
        },
      },
      examples: { records: { summary: 'JSON records', value: { records: [example] } } },
    }),
  );
}
