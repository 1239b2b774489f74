/** What a responder's port is commonly for. Official assignments and habit, https://www.iana.org/assignments/service-names-port-numbers */
export type PortClass =
  'web' | 'names' | 'upkeep' | 'shell' | 'files' | 'database' | 'mail' | 'chat' | 'other';

const ports: Readonly<Record<Exclude<PortClass, 'other'>, readonly number[]>> = {
  web: [80, 443, 3128, 8000, 8008, 8080, 8081, 8443, 8888],
  names: [53, 137, 853, 5353, 5355],
  /** Addresses, clocks and who is there. */
  upkeep: [67, 68, 123, 161, 162, 514, 546, 547, 1900, 3702],
  /** Ways to command a machine; worms guess their passwords. */
  shell: [22, 23, 2222, 2323, 3389, 5555, 5900, 5985, 5986],
  files: [20, 21, 69, 111, 135, 139, 445, 873, 2049],
  database: [1433, 1521, 3306, 5432, 6379, 9200, 11211, 27017],
  mail: [25, 110, 143, 465, 587, 993, 995],
  chat: [194, 1883, 5222, 6660, 6661, 6662, 6663, 6664, 6665, 6666, 6667, 6668, 6669, 6697, 7000],
};

const classes = new Map<number, PortClass>(
  Object.entries(ports).flatMap(([name, numbers]) =>
    numbers.map((port) => [port, name as PortClass] as const),
  ),
);

/** The class of a port of TCP or UDP. */
export function portClass(port: number | null): PortClass {
  return port === null ? 'other' : (classes.get(port) ?? 'other');
}
