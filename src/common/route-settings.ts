import { RouteConfig } from '@nestjs/platform-fastify';
import type { FastifyContextConfig } from 'fastify';

/** Key under which the adapter looks for a route's configuration. */
const settingsKey = RouteConfig({}).KEY;

/**
 * Adds to what Fastify's hooks find as `request.routeOptions.config`, where they decide before Nest has seen the
 * request. Several of these on one handler add up, unlike several `RouteConfig`.
 */
export function RouteSettings(settings: Partial<FastifyContextConfig>): MethodDecorator {
  return (target, name, descriptor) => {
    const handler = descriptor.value as object;
    const known = Reflect.getMetadata(settingsKey, handler) as object | undefined;
    RouteConfig({ ...known, ...settings })(target, name, descriptor);
  };
}
