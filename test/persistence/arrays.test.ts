/** Lists come from both databases as lists of values, and not as PostgreSQL writes them. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { testDatabase, type TestDatabase } from '../support/database.ts';

let database: TestDatabase;
beforeAll(async () => void (database = await testDatabase()));
afterAll(() => database.close());

const uuid = '01a2214a-c1ac-7551-a09a-f6d3442a2b74';

it.each([
  ['text', `array['a', 'b,"c"', null]`, ['a', 'b,"c"', null]],
  ['uuid', `array['${uuid}'::uuid]`, [uuid]],
  ['int4', 'array[1, 2]', [1, 2]],
  ['bool', 'array[true, false]', [true, false]],
  ['timestamptz', `array['2026-03-02T08:00:00.123Z'::timestamptz]`, [new Date('2026-03-02T08:00:00.123Z')]],
  ['jsonb', `array['{"a": [1]}'::jsonb]`, [{ a: [1] }]],
])('of %s', async (_type, list, values) => {
  const { rows } = await database.query(`select ${list} as list`);
  expect(rows).toEqual([{ list: values }]);
});
