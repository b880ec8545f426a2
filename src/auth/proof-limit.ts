/** How often proofs that do not hold may be tried: what signing in with SAML asks of whoever counts. It counts nothing itself; http does. */
import type { Request } from 'express';

export interface ProofLimit {
  /** Counts a proof before it is looked at, against where it came from. null: go on. Otherwise after how many seconds to come back. */
  begin(req: Request): Promise<number | null>;
  /** It held, so it does not count. */
  held(req: Request): Promise<void>;
  /** Counts an answer to a request of ours. False: it was answered so often that no more are looked at. */
  answered(requestId: string): Promise<boolean>;
}
