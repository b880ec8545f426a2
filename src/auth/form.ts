/** Fields of a posted form: unknown until somebody looks at them. */
import type { Request } from 'express';

export function formOf(req: Request): Readonly<Record<string, unknown>> {
  const body: unknown = req.body;
  return typeof body === 'object' && body !== null ? { ...body } : {};
}
