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
  return (all ??= owners().flatMap((owner) => {
    const homes = owner.brands.length === 0 ? new Map<string, string>() : homesOf(owner);
    return owner.brands.map((brand) => ({
      ...brand,
      owner,
      home: homes.get(brand.name) ?? owner.domains[0],
    }));
  }));
}

/** By each name, without its hyphens, the owner's domain of it; of several the foremost, else that under com. */
function homesOf({ domains }: Owner): Map<string, string> {
  const homes = new Map<string, string>();
  for (const domain of domains) {
    const name = domain.slice(0, domain.indexOf('.')).replaceAll('-', '');
    const known = homes.get(name);
    if (known === undefined || (domain.endsWith('.com') && known !== domains[0])) homes.set(name, domain);
  }
  return homes;
}
