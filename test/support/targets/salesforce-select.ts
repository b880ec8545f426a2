/** What a query of the fake organisation answers: records with attributes, relationships followed, subqueries inside. */
import { schema } from './salesforce-schema.ts';
import type { Condition, Literal, SoqlQuery } from './salesforce-soql.ts';
import { Refusal, same, type Row, type Tables } from './salesforce-tables.ts';

export function createSelect({ table, shape, at }: Tables): (query: SoqlQuery) => readonly object[] {
  function select(query: SoqlQuery, parent: { readonly field: string; readonly id: string } | null): readonly object[] {
    const { from } = query;
    if (!schema[from]) throw new Refusal(400, 'INVALID_TYPE', `sObject type '${from}' is not supported.`);
    let rows = [...table(from).values()].filter(
      (row) => (parent ? same(row[parent.field] ?? null, parent.id) : true) && (query.where ? holds(row, from, query.where) : true),
    );
    const { orderBy } = query;
    if (orderBy !== null)
      rows = rows.toSorted((a, b) => String(valueAt(a, from, orderBy)).localeCompare(String(valueAt(b, from, orderBy))));
    if (query.limit !== null) rows = rows.slice(0, query.limit);
    return rows.map((row) => {
      const record: Record<string, unknown> = attributes(from, row);
      for (const path of query.fields) show(record, row, from, path.split('.'));
      for (const { relationship, query: sub } of query.subSelects) {
        const child = shape(from).children?.[relationship];
        if (!child) throw new Refusal(400, 'INVALID_TYPE', `Didn't understand relationship '${relationship}' in FROM part of query call.`);
        const records = select({ ...sub, from: child.object }, { field: child.field, id: String(row['Id']) });
        record[relationship] = records.length === 0 ? null : { totalSize: records.length, done: true, records };
      }
      return record;
    });
  }

  function show(record: Record<string, unknown>, row: Row, object: string, [first = '', ...rest]: readonly string[]): void {
    if (rest.length === 0) {
      record[fieldName(object, first)] = row[fieldName(object, first)] ?? null;
      return;
    }
    const { row: other, object: at } = follow(row, object, first);
    if (!other) {
      fieldName(at, rest[0] ?? '');
      record[first] = null;
      return;
    }
    const nested = (record[first] ?? attributes(at, other)) as Record<string, unknown>;
    record[first] = nested;
    show(nested, other, at, rest);
  }

  function fieldName(object: string, name: string): string {
    const found = Object.keys(shape(object).fields).find((field) => field.toLowerCase() === name.toLowerCase());
    if (found === undefined) throw new Refusal(400, 'INVALID_FIELD', `No such column '${name}' on entity '${object}'.`);
    return found;
  }

  function follow(row: Row, object: string, relationship: string): { row: Row | undefined; object: string } {
    const [field, found] = Object.entries(shape(object).fields).find(([, one]) => one.relationship === relationship) ?? [];
    if (field === undefined || !found?.to)
      throw new Refusal(400, 'INVALID_FIELD', `Didn't understand relationship '${relationship}' in field path.`);
    const value = row[field];
    const to = found.to.find((one) => typeof value === 'string' && value.startsWith(shape(one).prefix)) ?? found.to[0]!;
    return { row: typeof value === 'string' ? at(to, value) : undefined, object: to };
  }

  function valueAt(row: Row, object: string, path: string): Literal {
    const [first = '', ...rest] = path.split('.');
    if (rest.length === 0) return row[fieldName(object, first)] ?? null;
    const next = follow(row, object, first);
    return next.row ? valueAt(next.row, next.object, rest.join('.')) : null;
  }

  function holds(row: Row, object: string, condition: Condition): boolean {
    switch (condition.kind) {
      case 'all':
        return condition.of.every((one) => holds(row, object, one));
      case 'any':
        return condition.of.some((one) => holds(row, object, one));
      case 'in': {
        const value = valueAt(row, object, condition.field);
        const last = condition.field.split('.').at(-1) ?? '';
        if (/Id$/.test(last) && !/Identifier$/.test(last))
          for (const wanted of condition.values)
            if (typeof wanted === 'string' && !/^[A-Za-z0-9]{15}([A-Za-z0-9]{3})?$/.test(wanted))
              throw new Refusal(400, 'INVALID_QUERY_FILTER_OPERATOR', `invalid ID field: ${wanted}`);
        return condition.values.some((wanted) => same(value, wanted));
      }
    }
  }

  return (query) => select(query, null);
}

function attributes(object: string, row: Row): Record<string, unknown> {
  return { attributes: { type: object, url: `/services/data/v64.0/sobjects/${object}/${String(row['Id'])}` } };
}
