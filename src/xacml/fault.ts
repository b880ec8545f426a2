/** Why something could not be evaluated: the value that stands for XACML's Indeterminate. Handed on, never thrown. */
import type { StatusCode } from './identifiers.ts';

export interface MissingAttribute {
  readonly category: string;
  readonly id: string;
  readonly dataType: string;
  readonly issuer: string | null;
}

/** A class, for `instanceof` is how an operand is told from the want of one. */
export class Fault {
  readonly status: Exclude<StatusCode, 'ok'>;
  readonly message: string;
  readonly missing: readonly MissingAttribute[];

  constructor(status: Exclude<StatusCode, 'ok'>, message: string, missing: readonly MissingAttribute[] = []) {
    this.status = status;
    this.message = message;
    this.missing = missing;
  }
}

export function processingError(message: string): Fault {
  return new Fault('processing-error', message);
}
