/** A stored document as routes and commands show it: its `_id` is called `id`. */
export type WithId<T extends { readonly _id: string }> = Omit<T, '_id'> & { readonly id: string };

export function withId<T extends { readonly _id: string }>({ _id: id, ...rest }: T): WithId<T> {
  return { id, ...rest };
}
