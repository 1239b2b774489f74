/** No embedded server could be found or started, or the one there cannot be trusted with the data. */
export class EmbeddedDatabaseError extends Error {
  override readonly name = 'EmbeddedDatabaseError';
  readonly code = 'EMBEDDED_DATABASE_UNAVAILABLE';

  constructor(
    reason: string,
    /** What the user can do about it, whole sentences. */
    readonly nextStep: string,
    options?: ErrorOptions,
  ) {
    super(reason, options);
  }
}
