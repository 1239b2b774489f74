import { NetwardenError } from './errors.js';

/** An upload that ends before its end. */
export class UploadBrokenOffError extends NetwardenError {
  readonly code = 'UPLOAD_BROKEN_OFF';

  constructor(how = 'its sender went away') {
    super(
      `The upload broke off: ${how}. Of data that were pushed, what came until then is stored; sending the whole ` +
        'adds the rest.',
    );
  }
}
