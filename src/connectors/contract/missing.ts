import { ConnectorError } from './connector.ts';

/** The target says that what it was asked about is not there. */
export function isMissing(error: unknown): error is ConnectorError {
  return error instanceof ConnectorError && error.failure.kind === 'missing';
}

/** null: it is not there. */
export async function unlessMissing<T>(work: Promise<T>): Promise<T | null> {
  try {
    return await work;
  } catch (error) {
    if (!isMissing(error)) throw error;
    return null;
  }
}
