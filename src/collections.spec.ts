import { readdirSync, readFileSync } from 'node:fs';
import { join, sep } from 'node:path';

/** A class of a collection, and the rooms that name its model. */
interface Owned {
  readonly room: string;
  readonly users: Set<string>;
}

const folder = import.meta.dirname;
const sources = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((file) =>
  /(?<!\.spec)\.ts$/.test(file),
);
const roomOf = (file: string): string => file.split(sep)[0];

/** Every class under `@Schema({ collection … })`, by its name. */
function collections(files: readonly (readonly [file: string, text: string])[]): Map<string, Owned> {
  const owned = new Map<string, Owned>();
  for (const [file, text] of files) {
    for (const [, name] of text.matchAll(/@Schema\(\{[^)]*collection:[^)]*\}\)\s*export class (\w+)/g)) {
      owned.set(name, { room: roomOf(file), users: new Set() });
    }
  }
  for (const [file, text] of files) {
    for (const [, injected, registered] of text.matchAll(/InjectModel\((\w+)\.name\)|name: (\w+)\.name/g)) {
      owned.get(injected ?? registered)?.users.add(roomOf(file));
    }
  }
  return owned;
}

describe('a collection', () => {
  it('is registered and injected in its own room alone', () => {
    const owned = collections(sources.map((file) => [file, readFileSync(join(folder, file), 'utf8')]));
    expect(owned.size).toBeGreaterThan(15);
    for (const [name, { room, users }] of owned) expect([name, ...users]).toEqual([name, room]);
  });

  it('that another room registers is found', () => {
    const files = [
      ['runs/run.schema.ts', "@Schema({ collection: 'runs', versionKey: false })\nexport class Run {}"],
      ['tracking/tracking.module.ts', '[{ name: Run.name, schema: RunSchema }]'],
    ] as const;
    expect(collections(files).get('Run')).toEqual({ room: 'runs', users: new Set(['tracking']) });
  });
});
