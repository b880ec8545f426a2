/** The feed as somebody reads it who follows it: on a shared PostgreSQL server it tells an event only when no older transaction is open. */
import type { EventPage, EventRequest, Reads } from '../../src/commands/ports.ts';

export async function settledEvents(reads: Pick<Reads, 'events'>, request: EventRequest): Promise<EventPage> {
  for (const until = performance.now() + 20_000; ; await new Promise((resolve) => setTimeout(resolve, 10))) {
    const page = await reads.events(request);
    if (!page.unsettled) return page;
    if (performance.now() > until) throw new Error('The feed stayed unsettled.');
  }
}
