/** The page docs/events.md, written from the catalogue: `npm run docs:events`; a test fails where it is stale. */
import { eventCatalogue } from '../domain/event-catalogue.ts';
import { eventTypes, leastRoleFor } from './visibility.ts';

export function cataloguePage(): string {
  return `# Events

This page is written from \`src/domain/event-catalogue.ts\`: change that and run \`npm run docs:events\`.

Everything that happens in a tenant is an event, written in the transaction that caused it. Read them with the query \`events\`, follow them
with the subscription \`provisioningEvents\` (over graphql-ws or server-sent events), or ask for this list with \`eventCatalogue\`.

- An event has a \`position\`. Positions only grow, and no event appears later with an earlier one: whoever remembers the position of the
  last event they handled and comes back with \`after\` gets every event exactly once.
- Payloads carry ids, names of settings and fixed words: never a secret, never a person's attribute values. Any field may be null.
- New types and new payload fields may be added; none is renamed or taken away.
- Old events are deleted after the time that the installation keeps them.

| event | when | payload | needs |
| --- | --- | --- | --- |
${eventTypes.map(line).join('\n')}
`;
}

function line(type: (typeof eventTypes)[number]): string {
  const { when, payload } = eventCatalogue[type];
  const fields = Object.entries(payload).map(([name, kind]) => `\`${name}\` ${kind}`);
  return `| \`${type}\` | ${when} | ${fields.join(', ')} | ${leastRoleFor(type)} |`;
}
