/** A schema of an OpenAPI 3 document, as far as it is looked at. */
interface Schema {
  readonly $ref?: string;
  readonly type?: string;
  readonly description?: string;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly additionalProperties?: boolean | Schema;
  readonly items?: Schema;
  readonly allOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
  readonly anyOf?: readonly Schema[];
  readonly enum?: readonly unknown[];
}

interface Operation {
  readonly responses: Readonly<Record<string, { readonly content?: Record<string, { schema?: Schema }> }>>;
}

export interface OpenApiDocument {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: { readonly schemas: Readonly<Record<string, Schema>> };
}

/**
 * What the answers of routes, errors too, leave unsaid: a part without a type, an object of which the properties are not known,
 * a property without a sentence or with an underscore before its name. A map says the type of its values.
 * @returns where, each with what is missing
 */
export function gapsInAnswers({ paths, components }: OpenApiDocument): string[] {
  const gaps: string[] = [];
  const seen = new Set<string>();

  const walk = (schema: Schema, where: string): void => {
    const { $ref, type, properties, additionalProperties, items } = schema;
    if ($ref) {
      const name = $ref.split('/').at(-1)!;
      if (!seen.has(name)) {
        seen.add(name);
        walk(components.schemas[name], name);
      }
      return;
    }
    const parts = [...(schema.allOf ?? []), ...(schema.oneOf ?? []), ...(schema.anyOf ?? [])];
    for (const part of parts) walk(part, where);
    if (parts.length > 0 || schema.enum) return;
    if (type === undefined) gaps.push(`${where}: no type`);
    if (type === 'array') {
      if (items) walk(items, `${where}[]`);
      else gaps.push(`${where}: no type of its items`);
    }
    if (type !== 'object') return;
    if (properties) {
      for (const [name, property] of Object.entries(properties)) {
        if (!property.description) gaps.push(`${where}.${name}: no sentence`);
        if (name.startsWith('_')) gaps.push(`${where}.${name}: a name of the database's`);
        walk(property, `${where}.${name}`);
      }
    } else if (typeof additionalProperties === 'object') walk(additionalProperties, `${where}.*`);
    else gaps.push(`${where}: an object of which nothing is said`);
  };

  for (const [path, methods] of Object.entries(paths)) {
    for (const [method, operation] of Object.entries(methods)) {
      for (const [status, { content = {} }] of Object.entries(operation.responses)) {
        const where = `${method} ${path} ${status}`;
        // No content.
        if (status === '204') continue;
        const schemas = Object.values(content).map(({ schema }) => schema);
        if (schemas.length === 0) gaps.push(`${where}: no type`);
        for (const schema of schemas) walk(schema ?? {}, where);
      }
    }
  }
  return gaps;
}
