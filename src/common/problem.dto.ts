/** One fault of an input. */
export class InputFaultDto {
  /** Where in a JSON body or a row, e.g. `records[2].port`. */
  path?: string;
  /** Line of a file, counted from 1. */
  line?: number;
  /** What is wrong. */
  message!: string;
}

/** RFC 9457 problem document. */
export class ProblemDto {
  /** @example 'urn:netwarden:problem:record-invalid' */
  type!: string;
  /** @example 'Record invalid' */
  title!: string;
  /** @example 400 */
  status!: number;
  /** @example 'The record does not fit the contract of phishing-website.' */
  detail!: string;
  /** Stable code to branch on. @example 'RECORD_INVALID' */
  code!: string;
  /** Also in the answer's `x-request-id` and in the log. */
  requestId!: string;
  /** Single faults of the input. */
  errors?: InputFaultDto[];
}
