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
      if (!operation) continue;
      addErrors(operation, path);
      describeUpload(operation);
      closeBodies(operation, document.components?.schemas ?? {});
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

/** One schema is declared for all types of a body; a file stands in forms only, and is the whole body of other types. */
function describeUpload({ requestBody }: Operation): void {
  if (!requestBody || '$ref' in requestBody) return;
  const { content } = requestBody;
  const form = content['multipart/form-data']?.schema;
  if (!form || '$ref' in form || !form.properties?.file) return;
  const { file, ...rest } = form.properties;
  for (const [type, part] of Object.entries(content)) {
    if (type === 'application/json') part.schema = { ...form, properties: rest };
    else if (type === 'multipart/form-data')
      part.schema = { ...form, properties: { file }, required: ['file'] };
    else part.schema = { type: 'string', format: 'binary' };
    if (type !== 'application/json') delete part.examples;
  }
}

/** A JSON body refuses every member that its schema does not name, and may be missing where none is required. */
function closeBodies({ requestBody }: Operation, schemas: Schemas): void {
  if (!requestBody || '$ref' in requestBody) return;
  for (const [type, { schema }] of Object.entries(requestBody.content)) {
    if (type !== 'application/json' || !schema) continue;
    const isReference = '$ref' in schema;
    const body = isReference ? schemas[schema.$ref.split('/').at(-1)!] : schema;
    if (!('properties' in body)) continue;
    body.additionalProperties ??= false;
    if (isReference && !body.required?.length) requestBody.required = false;
  }
}
