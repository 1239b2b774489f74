import { ApiHeader } from '@nestjs/swagger';

export const canaryKeyHeader = 'x-canary-key';

/** Documents the header by which a client stays with one version. */
export function ApiCanaryKey(): MethodDecorator {
  return ApiHeader({
    name: canaryKeyHeader,
    required: false,
    description:
      'While a canary answers a share of the traffic: requests with the same key get their answers from the same ' +
      'version. Without a key each record decides for itself.',
  });
}
