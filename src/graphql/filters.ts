/** Filters without what was not asked for: null and absent both mean that it does not matter. */
export type Given<T> = { readonly [K in keyof T]?: NonNullable<T[K]> };

export function given<T extends object>(fields: T): Given<T> {
  // Object.entries forgets which value belongs to which key.
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== null && value !== undefined)) as Given<T>;
}
