import { mongo } from 'mongoose';

/** Whether the database could not be reached; the same may well go through later. */
export function isDatabaseDown(thrown: unknown): boolean {
  return (
    thrown instanceof mongo.MongoNetworkError ||
    thrown instanceof mongo.MongoServerSelectionError ||
    thrown instanceof mongo.MongoNotConnectedError
  );
}

/** Whether the database gave up a query at its time limit. */
export function isOutOfTime(thrown: unknown): boolean {
  return thrown instanceof mongo.MongoServerError && thrown.code === 50;
}

/** Whether a unique index refused a write. */
export function isDuplicateKey(thrown: unknown): boolean {
  return thrown instanceof mongo.MongoServerError && thrown.code === 11000;
}
