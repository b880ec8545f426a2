import type { DataType } from '../values/data-type.ts';

/** Which attribute an expression asks for. */
export interface Designated {
  readonly type: DataType;
  readonly category: string;
  readonly id: string;
  readonly issuer: string | null;
  /** `bagKey` of the above, made once. */
  readonly key: string;
}
