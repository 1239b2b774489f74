/**
 * What `work` gives, with errors that know no stack. Most of what an error costs is its stack, which nobody reads of what
 * is wrong with a line, and a file may hold a million such lines.
 */
export function withoutStacks<T>(work: () => T): T {
  const { stackTraceLimit } = Error;
  Error.stackTraceLimit = 0;
  try {
    return work();
  } finally {
    Error.stackTraceLimit = stackTraceLimit;
  }
}
