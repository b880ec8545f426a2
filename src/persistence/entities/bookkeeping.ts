/** The event feed, keys that may be used once, and browser sessions. */
import { defineEntity, p } from '@mikro-orm/core';
import { TenantEntity } from './tenancy.ts';

export const EventEntity = defineEntity({
  name: 'Event',
  tableName: 'event',
  properties: {
    /** Transaction that wrote it, counted on over restores: first half of the position. */
    tx: p.bigint('string').primary(),
    /** Second half: order within the transaction. */
    seq: p.bigint('string').primary(),
    tenantId: () => p.manyToOne(TenantEntity).mapToPk().fieldName('tenant_id').deleteRule('cascade'),
    type: p.text(),
    at: p.datetime(3),
    // Plain ids: facts outlive what they tell of.
    userId: p.uuid().nullable(),
    targetId: p.uuid().nullable(),
    operationId: p.uuid().nullable(),
    payload: p.json<Readonly<Record<string, unknown>>>(),
  },
  indexes: [
    { name: 'event_feed', properties: ['tenantId', 'tx', 'seq'] },
    { name: 'event_of_user', properties: ['userId', 'tx', 'seq'] },
    { name: 'event_of_target', properties: ['targetId', 'tx', 'seq'] },
    { name: 'event_age', properties: ['at'] },
  ],
});

/** One row: what is added to the database's own transaction number to get an event's. */
export const FeedEntity = defineEntity({
  name: 'Feed',
  tableName: 'feed',
  properties: { name: p.text().primary(), txOffset: p.bigint('string') },
});

export const UsedOnceEntity = defineEntity({
  name: 'UsedOnce',
  tableName: 'used_once',
  properties: {
    tenantId: () => p.manyToOne(TenantEntity).mapToPk().primary().fieldName('tenant_id').deleteRule('cascade'),
    /** SHA-256 of the key, hex. */
    keyHash: p.text().primary(),
    until: p.datetime(3),
  },
  indexes: [{ name: 'used_once_age', properties: ['until'] }],
});

/** A UUID of version 7, made by the database, for who inserts the row knows nothing of this column. Spelled as PostgreSQL gives it back. */
const newId = `(encode(set_bit(set_bit(OVERLAY(uuid_send(gen_random_uuid()) PLACING SUBSTRING(int8send((floor((EXTRACT(epoch FROM clock_timestamp()) * (1000)::numeric)))::bigint) FROM 3) FROM 1 FOR 6), (52)::bigint, 1), (53)::bigint, 1), 'hex'::text))::uuid`;

/**
 * `sid`, `sess` and `expire` are as connect-pg-simple wants them. What may be told of a session is beside them: an id that has nothing to
 * do with the secret one, and what is read out of `sess`, so that sessions can be found by whose they are.
 */
export const SessionEntity = defineEntity({
  name: 'Session',
  tableName: 'session',
  properties: {
    /** The secret in the browser's cookie. */
    sid: p.text().primary().hidden(),
    sess: p.json<Readonly<Record<string, unknown>>>().columnType('json').hidden(),
    expiresAt: p.datetime(3).fieldName('expire'),
    tenantId: p.text().nullable().generated(`((sess ->> 'tenantId'::text)) stored`),
    userId: p.text().nullable().generated(`((sess ->> 'userId'::text)) stored`),
    administratorId: p.text().nullable().generated(`((sess ->> 'administratorId'::text)) stored`),
    id: p.uuid().defaultRaw(newId),
    signedInAt: p.datetime(3).defaultRaw('clock_timestamp()'),
    kind: p
      .text()
      .generated(`(case when ((sess ->> 'administratorId'::text) is null) then 'user'::text else 'administrator'::text end) stored`),
    serviceProviderId: p.text().nullable().generated(`(((sess -> 'person'::text) ->> 'serviceProviderId'::text)) stored`),
    loginAttemptId: p.text().nullable().generated(`(((sess -> 'person'::text) ->> 'loginAttemptId'::text)) stored`),
  },
  indexes: [
    { name: 'session_page', properties: ['tenantId', 'id'] },
    { name: 'session_expire', properties: ['expiresAt'] },
    { name: 'session_of_user', properties: ['userId'] },
    { name: 'session_of_administrator', properties: ['administratorId'] },
  ],
});
