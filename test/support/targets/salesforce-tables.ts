/** The bare records of the fake organisation, by object and id, and how Salesforce compares values. No rules here. */
import { schema, type ObjectShape } from './salesforce-schema.ts';
import type { Literal } from './salesforce-soql.ts';

export type Row = Record<string, Literal>;
export class Refusal extends Error {
  readonly status: number;
  readonly code: string;
  readonly fields: readonly string[];
  constructor(status: number, code: string, message: string, fields: readonly string[] = []) {
    super(message);
    this.status = status;
    this.code = code;
    this.fields = fields;
  }
}

export interface Tables {
  readonly table: (object: string) => Map<string, Row>;
  readonly shape: (object: string) => ObjectShape;
  readonly at: (object: string, id: string) => Row | undefined;
  /** Stores it past every rule. Returns its id. */
  readonly put: (object: string, values: Row) => string;
}

export function createTables(): Tables {
  const tables = new Map(Object.keys(schema).map((object) => [object, new Map<string, Row>()]));
  let count = 0;

  const table = (object: string): Map<string, Row> => {
    const found = tables.get(object);
    if (!found) throw new Refusal(404, 'NOT_FOUND', 'The requested resource does not exist');
    return found;
  };
  // A copy: an organisation may lose a field.
  const shapes = structuredClone(schema);
  const shape = (object: string): ObjectShape => shapes[object] ?? noShape;
  const at = (object: string, id: string): Row | undefined => table(object).get(id.slice(0, 15));

  function put(object: string, values: Row): string {
    const short = `${shape(object).prefix}Xy0000${(++count).toString(36).padStart(6, '0')}`;
    const id = short + checksum(short);
    const empty = Object.fromEntries(
      Object.entries(shape(object).fields).map(([name, { type }]) => [name, type === 'boolean' ? false : null]),
    );
    table(object).set(short, { ...empty, ...values, Id: id });
    return id;
  }

  return { table, shape, at, put };
}

/** Of an object that nobody has: no id begins so. */
const noShape: ObjectShape = { prefix: '-', fields: {} };

/** As Salesforce compares: texts without regard to case, ids by their first fifteen characters with it. */
export function same(a: Literal | undefined, b: Literal): boolean {
  if (typeof a !== 'string' || typeof b !== 'string') return a === b;
  const areIds = [a, b].every((value) => /^0[A-Za-z0-9]{2}Xy0000[A-Za-z0-9]{6}([A-Z0-5]{3})?$/.test(value));
  return areIds ? a.slice(0, 15) === b.slice(0, 15) : a.toLowerCase() === b.toLowerCase();
}

function checksum(short: string): string {
  let suffix = '';
  for (let part = 0; part < 3; part++) {
    let sum = 0;
    for (let place = 0; place < 5; place++) if (/[A-Z]/.test(short[part * 5 + place]!)) sum += 1 << place;
    suffix += 'ABCDEFGHIJKLMNOPQRSTUVWXYZ012345'.charAt(sum);
  }
  return suffix;
}
