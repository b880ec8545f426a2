/** `npm run schema`: prints the GraphQL schema from the code into schema/schema.graphql. A test fails when that file is stale. */
import { writeFile } from 'node:fs/promises';
import { printSchema } from 'graphql';
import { buildUsherSchema } from '../src/graphql/schema.ts';

await writeFile(new URL('../schema/schema.graphql', import.meta.url), `${printSchema(buildUsherSchema())}\n`);
