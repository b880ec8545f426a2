/** An id out of a URL: a UUID, or nothing. The database would stumble over anything else. */
const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/** Which kind of id it is, the URL's place says; whether it exists, the database. */
// eslint-disable-next-line @typescript-eslint/no-unnecessary-type-parameters -- which id is meant, only the caller knows
export function idFrom<Id extends string>(parameter: unknown): Id | null {
  return typeof parameter === 'string' && uuid.test(parameter) ? (parameter as Id) : null;
}
