import { applyDecorators } from '@nestjs/common';
import { ApiExtraModels, ApiOkResponse, getSchemaPath } from '@nestjs/swagger';
import { ModelCardDto } from '../registry/registry.dto.js';
import { exampleCard } from './example-card.js';
import { modelCardMarkdown } from './model-card-markdown.js';

/** Documents an answer that is a model card in either form, with an example of each. */
export function ApiModelCard(): MethodDecorator {
  return applyDecorators(
    ApiExtraModels(ModelCardDto),
    ApiOkResponse({
      description: 'The model card.',
      content: {
        'application/json': { schema: { $ref: getSchemaPath(ModelCardDto) }, example: exampleCard },
        'text/markdown': { schema: { type: 'string' }, example: modelCardMarkdown(exampleCard) },
      },
    }),
  );
}
