/** Ids in answers and inputs are UUIDs; anything else cannot name a record, and must not reach the database as one. */
import { z } from 'zod';

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

export const isId = (text: string): boolean => uuid.test(text);
/** An id in an input. */
export const id = z.string().regex(uuid, 'This is not an id.');
