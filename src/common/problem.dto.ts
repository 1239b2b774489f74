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
  /** Names the kind of problem; made of the code. @example 'urn:netwarden:problem:record-invalid' */
  type!: string;
  /** The code in words. @example 'Record invalid' */
  title!: string;
  /** The answer's HTTP status. @example 400 */
  status!: number;
  /** What is wrong and what to do, in a sentence. @example 'The record does not fit the contract of phishing-website.' */
  detail!: string;
  /** Stable code to branch on. @example 'RECORD_INVALID' */
  code!: string;
  /** Also in the answer's `x-request-id` and in the log. */
  requestId!: string;
  /** Single faults of the input. */
  errors?: InputFaultDto[];
}
