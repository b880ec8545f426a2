// Sessions can be listed and ended by an id that is not the secret of the browser's cookie. Who writes them need not know: the database fills in the rest.
import { Migration } from '@mikro-orm/migrations';

export class Migration20261124023400 extends Migration {
  override name = 'Migration20261124023400';

  override up(): void {
    this.addSql(
      `alter table "session" add "id" uuid not null default (encode(set_bit(set_bit(OVERLAY(uuid_send(gen_random_uuid()) PLACING SUBSTRING(int8send((floor((EXTRACT(epoch FROM clock_timestamp()) * (1000)::numeric)))::bigint) FROM 3) FROM 1 FOR 6), (52)::bigint, 1), (53)::bigint, 1), 'hex'::text))::uuid, add "signed_in_at" timestamptz(3) not null default clock_timestamp(), add "kind" text generated always as (case when ((sess ->> 'administratorId'::text) is null) then 'user'::text else 'administrator'::text end) stored not null, add "service_provider_id" text generated always as (((sess -> 'person'::text) ->> 'serviceProviderId'::text)) stored null, add "login_attempt_id" text generated always as (((sess -> 'person'::text) ->> 'loginAttemptId'::text)) stored null;`,
    );
    this.addSql(`create index "session_page" on "session" ("tenant_id", "id");`);

    // Of those that are there already: a session lasts from signing in, so its end tells its beginning.
    this.addSql(
      `update "session" set "signed_in_at" = least("signed_in_at", "expire" - coalesce(("sess" -> 'cookie' ->> 'originalMaxAge')::double precision, 0) * interval '1 millisecond');`,
    );
    // An administrator's did not say its tenant.
    this.addSql(
      `update "session" as s set "sess" = (s."sess"::jsonb || jsonb_build_object('tenantId', a."tenant_id"))::json from "administrator" as a where a."id"::text = s."administrator_id" and s."tenant_id" is null;`,
    );
  }
}
