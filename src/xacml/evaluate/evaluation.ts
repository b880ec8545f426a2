/** One evaluation: the request, the clock, the steps that are left, and what is only true while it lasts. Nothing of it outlives it. */
import type { Fault } from '../fault.ts';
import type { Operand, Scope } from '../functions/definition.ts';
import { categories, clockAttributes } from '../identifiers.ts';
import { limits } from '../limits.ts';
import { date, dateTime, day, modulo, time } from '../values/moment.ts';
import type { Designated } from './designated.ts';
import type { Recorder } from './recorder.ts';
import { bagKey, type Request } from './request.ts';
import type { Bag, Moment } from '../values/value.ts';

export interface PolicyIdentity {
  readonly kind: 'policy' | 'policy-set';
  readonly id: string;
  readonly version: string;
}

export interface Clock {
  readonly now: Date;
  /** Of moments without a zone, and of the clock's own: minutes east of UTC. */
  readonly zoneMinutes: number;
}

/** Leaves the evaluation as a whole: whatever the policies would make of one part of it, nobody knows the rest. */
export class OutOfSteps extends Error {}

const nothing: Bag = [];

export class Evaluation implements Scope {
  readonly request: Request;
  readonly recorder: Recorder | null;
  /** Policies that came to Permit or Deny. */
  readonly applied: PolicyIdentity[] = [];
  /** What variables came to: each is evaluated once. */
  readonly variables = new Map<object, Operand | Fault>();
  readonly zone: () => number;
  readonly spend: (steps: number) => void;
  private left: number;
  private leftToExplain: number = limits.steps;
  private readonly clock: Clock;

  constructor(request: Request, clock: Clock, steps: number, recorder: Recorder | null) {
    this.request = request;
    this.clock = clock;
    this.recorder = recorder;
    this.left = steps;
    this.zone = () => clock.zoneMinutes;
    this.spend = (more) => {
      this.left -= more;
      if (this.left < 0) throw new OutOfSteps();
    };
  }

  bagOf(designated: Designated): Bag {
    const bag = this.request.bags.get(designated.key) ?? clockBags.get(designated.key)?.(this.clock) ?? nothing;
    this.recorder?.asked(designated, bag);
    return bag;
  }

  /** The same request at the same moment for an explanation, with steps of its own; those that are left of them pay for later ones. */
  explaining<T>(mostSteps: number, explain: (aside: Evaluation) => T): T {
    const steps = Math.min(mostSteps, this.leftToExplain);
    const aside = new Evaluation(this.request, this.clock, steps, this.recorder);
    const explained = explain(aside);
    this.leftToExplain -= steps - Math.max(0, aside.left);
    return explained;
  }
}

/** Supplied where the request has none of this type. Somebody's own text of the same name is another attribute. */
const clockBags: ReadonlyMap<string, (clock: Clock) => Bag> = new Map(
  (
    [
      ['time', time],
      ['date', date],
      ['dateTime', dateTime],
    ] as const
  ).map(([name, type]) => [bagKey(type, categories.environment, clockAttributes[name], null), (clock) => [momentOf(name, clock)]]),
);

function momentOf(name: keyof typeof clockAttributes, { now, zoneMinutes }: Clock): Moment {
  const milliseconds = now.getTime() + zoneMinutes * 60_000;
  const local = Math.floor(milliseconds / 1000);
  const nanos = modulo(milliseconds, 1000) * 1_000_000;
  switch (name) {
    case 'dateTime':
      return { local, nanos, zone: zoneMinutes };
    case 'date':
      return { local: local - modulo(local, day), nanos: 0, zone: zoneMinutes };
    case 'time':
      return { local: modulo(local, day), nanos, zone: zoneMinutes };
  }
}
