/** `npm run docs:events`: writes docs/events.md from the catalogue. A test fails when that file is stale. */
import { writeFile } from 'node:fs/promises';
import { cataloguePage } from '../src/events/catalogue-page.ts';

await writeFile(new URL('../docs/events.md', import.meta.url), cataloguePage());
