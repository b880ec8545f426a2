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

/** As connect-pg-simple wants it; the columns at the end are read out of `sess`, so that sessions can be found by whose they are. */
export const SessionEntity = defineEntity({
  name: 'Session',
  tableName: 'session',
  properties: {
    sid: p.text().primary(),
    sess: p.json<Readonly<Record<string, unknown>>>().columnType('json'),
    expire: p.datetime(3),
    tenantId: p.text().nullable().generated(`((sess ->> 'tenantId'::text)) stored`),
    userId: p.text().nullable().generated(`((sess ->> 'userId'::text)) stored`),
    administratorId: p.text().nullable().generated(`((sess ->> 'administratorId'::text)) stored`),
  },
  indexes: [
    { name: 'session_expire', properties: ['expire'] },
    { name: 'session_of_user', properties: ['userId'] },
    { name: 'session_of_administrator', properties: ['administratorId'] },
  ],
});
