import { type ArgumentMetadata, Injectable, type Type, ValidationPipe } from '@nestjs/common';
import type { ValidationError } from 'class-validator';
import { LRUCache } from 'lru-cache';
import { type InputFault, RequestInvalidError } from './errors.js';

/** Characters of the queries that are kept of a DTO, with what is read of each. */
const mostKept = 2 ** 18;
const querySize = 200;

/** Members of one body or query. No DTO has half as many, and every unknown one costs a fault. */
const mostMembers = 100;
/** Characters of a fault's path and of its message: the names in them are whatever was sent. */
const longestPath = 100;
const longestMessage = 300;

/**
 * Reads bodies and queries as their DTOs say. What a DTO does not know is refused by name. What reaches the DTO's
 * rules is plain: members by names that no object inherits, and of values only texts, numbers, booleans, null and
 * lists of them. The rules cannot throw then, nor be led around by a member named `constructor`.
 */
@Injectable()
export class RequestValidation extends ValidationPipe {
  /**
   * Queries that were read lately: there are few, and reading one takes as long as scoring a record. What one is read
   * as may depend on its text alone, not on the time.
   */
  private readonly queries = new WeakMap<Type<unknown>, LRUCache<string, object>>();

  constructor() {
    super({
      transform: true,
      whitelist: true,
      forbidNonWhitelisted: true,
      exceptionFactory: (errors) => new RequestInvalidError(errors.flatMap((error) => faultsOf(error))),
    });
  }

  override async transform(value: unknown, metadata: ArgumentMetadata): Promise<unknown> {
    const { type, data, metatype } = metadata;
    if (!metatype || !this.toValidate(metadata)) return super.transform(value, metadata);
    if (data !== undefined) return super.transform(plainValue(value), metadata);
    if (type !== 'query') return super.transform(plainMembers(value, type), metadata);
    const read = this.readOf(metatype);
    const text = JSON.stringify(value);
    const known = read.get(text);
    if (known) return known;
    const query = Object.freeze((await super.transform(plainMembers(value, type), metadata)) as object);
    read.set(text, query);
    return query;
  }

  private readOf(metatype: Type<unknown>): LRUCache<string, object> {
    let read = this.queries.get(metatype);
    if (!read) {
      read = new LRUCache({ maxSize: mostKept, sizeCalculation: (_, text) => text.length + querySize });
      this.queries.set(metatype, read);
    }
    return read;
  }
}

/** @throws RequestInvalidError for what has no members, too many, or one by a name that every object has */
function plainMembers(value: unknown, part: ArgumentMetadata['type']): Record<string, unknown> {
  if (value === undefined) return {};
  if (!isObject(value)) {
    throw new RequestInvalidError([{ path: part, message: 'must be one JSON object' }]);
  }
  const members = Object.entries(value);
  if (members.length > mostMembers) {
    throw new RequestInvalidError([
      { path: part, message: `has ${members.length} members; this route knows fewer than ${mostMembers}` },
    ]);
  }
  const inherited = members.filter(([name]) => name in Object.prototype);
  if (inherited.length > 0) {
    throw new RequestInvalidError(
      inherited.map(([path]) => ({ path, message: `property ${path} should not exist` })),
    );
  }
  return Object.fromEntries(members.map(([name, member]) => [name, plainValue(member)]));
}

/**
 * No request has objects within its members: one that comes stands there empty, so that it is refused by the
 * member's own rules, whatever it holds and however deep it goes.
 */
function plainValue(value: unknown): unknown {
  if (Array.isArray(value)) return value.map((item: unknown) => (isScalar(item) ? item : {}));
  return isScalar(value) ? value : {};
}

function isScalar(value: unknown): boolean {
  return value === null || typeof value !== 'object';
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function faultsOf({ property, constraints, children }: ValidationError, parent = ''): InputFault[] {
  const path = cut(parent ? `${parent}.${property}` : property, longestPath);
  const own = Object.values(constraints ?? {}).map((message) => ({
    path,
    message: cut(message, longestMessage),
  }));
  return [...own, ...(children ?? []).flatMap((child) => faultsOf(child, path))];
}

function cut(text: string, longest: number): string {
  return text.length > longest ? `${text.slice(0, longest - 1)}…` : text;
}
