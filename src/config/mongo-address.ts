import { ConnectionString } from 'mongodb-connection-string-url';

/** What may be shown of a MongoDB URI. */
export interface MongoAddress {
  /** As written: `name:port`, or the percent-encoded path of a socket. */
  readonly hosts: readonly string[];
  /** Empty where the URI names none. */
  readonly database: string;
}

/** Options of the driver that hold no secret, in lower case. What is not named here may hold one. */
const harmlessOptions = new Set(
  `appName authMechanism authSource compressors connectTimeoutMS directConnection enableUtf8Validation family
  heartbeatFrequencyMS ignoreUndefined j journal loadBalanced localThresholdMS maxConnecting maxIdleTimeMS maxPoolSize
  maxStalenessSeconds minHeartbeatFrequencyMS minPoolSize monitorCommands noDelay promoteBuffers promoteLongs
  promoteValues proxyHost proxyPort readConcern readConcernLevel readPreference readPreferenceTags replicaSet
  retryReads retryWrites serverMonitoringMode serverSelectionTimeoutMS socketTimeoutMS srvMaxHosts srvServiceName ssl
  timeoutMS tls tlsAllowInvalidCertificates tlsAllowInvalidHostnames tlsCAFile tlsCRLFile tlsCertificateKeyFile
  tlsInsecure w waitQueueTimeoutMS wtimeout wtimeoutMS zlibCompressionLevel`
    .toLowerCase()
    .split(/\s+/),
);

/** The same of `authMechanismProperties`. */
const harmlessProperties = new Set([
  'allowed_hosts',
  'canonicalize_host_name',
  'environment',
  'service_host',
  'service_name',
  'service_realm',
  'token_resource',
]);

/** Hosts and database of a URI, or `null` where it cannot be parsed. */
export function parseMongoAddress(uri: string): MongoAddress | null {
  try {
    const { hosts, pathname } = new ConnectionString(uri);
    const database = decodeURIComponent(pathname.slice(1));
    // `mongodb://user:password` parses too, as a host with a port, and a query without its question mark as a database:
    // what cannot be one must not be shown.
    return hosts.every(isHost) && isDatabase(database) ? { hosts, database } : null;
  } catch {
    return null;
  }
}

/** Hosts and database of a URI in one text, and nothing else of it. */
export function describeMongoAddress(uri: string): string {
  const address = parseMongoAddress(uri);
  if (!address) return 'an address that cannot be read';
  const hosts = address.hosts.join(',');
  return address.database === '' ? hosts : `${hosts}/${address.database}`;
}

/**
 * The password of a URI, as written and as the parser gives it, and all values of its query that can be a secret, as
 * written. Nothing of a URI that cannot be parsed.
 */
export function secretsOf(uri: string): string[] {
  const parsed = parse(uri);
  return parsed ? [parsed.password, writtenPassword(uri), ...querySecrets(uri)] : [];
}

function parse(uri: string): ConnectionString | null {
  try {
    return new ConnectionString(uri);
  } catch {
    return null;
  }
}

/** The parser encodes some characters of the password; this is it as the user wrote it. */
function writtenPassword(uri: string): string {
  const login = uri.slice(uri.indexOf('//') + 2, Math.max(0, uri.indexOf('@')));
  const colon = login.indexOf(':');
  return colon === -1 ? '' : login.slice(colon + 1);
}

function querySecrets(uri: string): string[] {
  const start = uri.indexOf('?');
  if (start === -1) return [];
  return uri
    .slice(start + 1)
    .split('&')
    .flatMap((pair) => {
      const [name, value] = cutAt(pair, '=');
      const option = decoded(name).toLowerCase();
      if (option === 'authmechanismproperties') return propertySecrets(value);
      return harmlessOptions.has(option) ? [] : [value];
    });
}

/** Of `NAME:value,NAME:value`, as written or percent-encoded. */
function propertySecrets(properties: string): string[] {
  return [properties, decoded(properties)].flatMap((text) =>
    text.split(',').flatMap((property) => {
      const [name, value] = cutAt(property, ':');
      if (harmlessProperties.has(name.toLowerCase())) return [];
      return [value === '' ? name : value];
    }),
  );
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function cutAt(text: string, separator: string): [string, string] {
  const at = text.indexOf(separator);
  return at === -1 ? [text, ''] : [text.slice(0, at), text.slice(at + separator.length)];
}

/** A name, an IPv4 address, an IPv6 address in brackets or the encoded path of a socket, with or without a port. */
function isHost(host: string): boolean {
  return /^(\[[0-9a-f:.%]+\]|[^\s:[\]]+)(:\d{1,5})?$/i.test(host);
}

/** MongoDB's own rules, and no `&` or `=`. */
function isDatabase(name: string): boolean {
  return /^[^\s/\\."$*<>:|?&=\p{C}]*$/u.test(name);
}
