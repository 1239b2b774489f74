import { type OwnedName, type Owner, owners } from './owners.js';

/** A name that phishing pages borrow, and whose it is. */
export interface Brand extends OwnedName {
  readonly owner: Owner;
  /** The domain that a reader knows it by. */
  readonly home: string;
}

let all: readonly Brand[] | undefined;

/** Every brand, further names last, in an order that stays while the lists do; read at first use. */
export function brands(): readonly Brand[] {
  return (all ??= readBrands());
}

function readBrands(): Brand[] {
  const read = owners()
    .filter((owner) => owner.brands.length > 0)
    .flatMap((owner) => {
      const homes = homesOf(owner);
      return owner.brands.map((brand) => ({
        ...brand,
        owner,
        home: homes.get(brand.name) ?? owner.domains[0],
      }));
    });
  return [...read.filter(({ isFurther }) => !isFurther), ...read.filter(({ isFurther }) => isFurther)];
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
