import type { OpenAPIObject } from '@nestjs/swagger';
import { problemResponse } from './api-errors.js';

type Path = OpenAPIObject['paths'][string];
type Operation = NonNullable<Path['get']>;
type Schemas = NonNullable<NonNullable<OpenAPIObject['components']>['schemas']>;

const methods = ['get', 'put', 'post', 'delete', 'patch'] as const;

/** Before any route: an address or headers that cannot be read, slow headers, another site's page, headers too large. */
const everywhere = [400, 403, 408, 431];
/** Before the route reads a body: too large, or of another type. */
const ofBodies = [413, 415];
/** Of a path with parameters. */
const ofParameters = [414];

/** Adds what is so for every route of a kind, and so is declared at none of them. */
export function completeDocument(document: OpenAPIObject): OpenAPIObject {
  for (const [path, item] of Object.entries(document.paths)) {
    for (const method of methods) {
      const operation = item[method];
      if (operation) addErrors(operation, path);
      if (operation) closeBodies(operation, document.components?.schemas ?? {});
    }
  }
  return document;
}

function addErrors(operation: Operation, path: string): void {
  const statuses = [
    ...everywhere,
    ...(operation.requestBody ? ofBodies : []),
    ...(path.includes('{') ? ofParameters : []),
  ];
  for (const status of statuses) operation.responses[String(status)] ??= problemResponse(status);
}

/** A JSON body refuses every member that its schema does not name. */
function closeBodies({ requestBody }: Operation, schemas: Schemas): void {
  if (!requestBody || '$ref' in requestBody) return;
  for (const { schema } of Object.values(requestBody.content)) {
    if (!schema) continue;
    const body = '$ref' in schema ? schemas[schema.$ref.split('/').at(-1)!] : schema;
    if ('properties' in body) body.additionalProperties ??= false;
  }
}
