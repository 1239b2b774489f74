import { type ArgumentMetadata, Injectable, type Type, ValidationPipe } from '@nestjs/common';
import type { ValidationError } from 'class-validator';
import { LRUCache } from 'lru-cache';
import { type InputFault, RequestInvalidError } from './errors.js';

/** Characters of the queries that are kept of a DTO, with what is read of each. */
const mostKept = 2 ** 18;
const querySize = 200;

/** Reads bodies and queries as their DTOs say. What a DTO does not know is refused by name. */
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
    if (type !== 'query' || data !== undefined || !metatype) return super.transform(value, metadata);
    const read = this.readOf(metatype);
    const text = JSON.stringify(value);
    const known = read.get(text);
    if (known) return known;
    const query = Object.freeze((await super.transform(value, metadata)) as object);
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

function faultsOf({ property, constraints, children }: ValidationError, parent = ''): InputFault[] {
  const path = parent ? `${parent}.${property}` : property;
  const own = Object.values(constraints ?? {}).map((message) => ({ path, message }));
  return [...own, ...(children ?? []).flatMap((child) => faultsOf(child, path))];
}
