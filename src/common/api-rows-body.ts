import { applyDecorators } from '@nestjs/common';
import { ApiBody, ApiConsumes } from '@nestjs/swagger';

const file = { type: 'string', format: 'binary' } as const;

/** Documents a body of rows: JSON records, CSV, NDJSON or a multipart file. */
export function ApiRowsBody(example: Readonly<Record<string, unknown>>): MethodDecorator {
  return applyDecorators(
    ApiConsumes('application/json', 'text/csv', 'application/x-ndjson', 'multipart/form-data'),
    ApiBody({
      required: true,
      schema: {
        type: 'object',
        properties: { records: { type: 'array', items: { type: 'object' } }, file },
      },
      examples: { records: { summary: 'JSON records', value: { records: [example] } } },
    }),
  );
}
