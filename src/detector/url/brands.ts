import { type OwnedName, type Owner, owners } from './owners.js';

/** A name that phishing pages borrow, and whose it is. */
export interface Brand extends OwnedName {
  readonly owner: Owner;
  /** The domain that a reader knows it by. */
  readonly home: string;
}

let all: readonly Brand[] | undefined;

/** Every brand, in an order that stays while the lists do; read at first use. */
export function brands(): readonly Brand[] {
  return (all ??= owners().flatMap((owner) =>
    owner.brands.map((brand) => ({ ...brand, owner, home: homeOf(brand.name, owner) })),
  ));
}

/** The owner's domain of that name; the foremost without one. */
function homeOf(name: string, { domains }: Owner): string {
  const own = domains.filter((domain) => domain.slice(0, domain.indexOf('.')).replaceAll('-', '') === name);
  return own.find((domain) => domain === domains[0] || domain.endsWith('.com')) ?? own[0] ?? domains[0];
}
