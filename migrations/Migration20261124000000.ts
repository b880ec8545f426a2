// The first schema: everything issue 2 stands on. Runs unchanged on PGlite and on PostgreSQL 15.
import { Migration } from '@mikro-orm/migrations';

export class Migration20261124000000 extends Migration {
  override name = 'Migration20261124000000';

  override up(): void {
    // One counter for all events: the second half of a position.
    this.addSql(`create sequence "event_seq" as bigint;`);

    this.addSql(`create table "feed" ("name" text not null, "tx_offset" bigint not null, primary key ("name"));`);

    this.addSql(
      `create table "session" ("sid" text not null, "sess" json not null, "expire" timestamptz(3) not null, "tenant_id" text generated always as ((sess ->> 'tenantId'::text)) stored null, "user_id" text generated always as ((sess ->> 'userId'::text)) stored null, "administrator_id" text generated always as ((sess ->> 'administratorId'::text)) stored null, primary key ("sid"));`,
    );
    this.addSql(`create index "session_expire" on "session" ("expire");`);
    this.addSql(`create index "session_of_user" on "session" ("user_id");`);
    this.addSql(`create index "session_of_administrator" on "session" ("administrator_id");`);

    this.addSql(
      `create table "tenant" ("id" uuid not null, "name" text not null, "version" int not null, "created_at" timestamptz(3) not null, primary key ("id"));`,
    );
    this.addSql(`create unique index "tenant_name_unique" on "tenant" (lower("name"));`);

    this.addSql(
      `create table "identity_provider" ("id" uuid not null, "tenant_id" uuid not null, "name" text not null, "description" text not null, "enabled" boolean not null, "authenticator" jsonb null, "just_in_time" jsonb not null, "attribute_mappings" jsonb not null, "role_mappings" jsonb not null, "outbound_roles" jsonb not null, "version" int not null, "created_at" timestamptz(3) not null, "secrets" jsonb not null default '{}', primary key ("id"));`,
    );
    this.addSql(`create index "identity_provider_page" on "identity_provider" ("tenant_id", "id");`);
    this.addSql(`create unique index "identity_provider_name_unique" on "identity_provider" ("tenant_id", lower("name"));`);

    this.addSql(
      `create table "target" ("id" uuid not null, "tenant_id" uuid not null, "identity_provider_id" uuid not null, "name" text not null, "connector_type" text not null, "enabled" boolean not null, "config" jsonb not null, "removal" text not null, "adoption" text not null, "matching_attribute" text not null, "max_concurrent_calls" int not null, "removal_asked_at" timestamptz(3) null, "version" int not null, "created_at" timestamptz(3) not null, "secrets" jsonb not null default '{}', primary key ("id"));`,
    );
    this.addSql(`create index "target_page" on "target" ("tenant_id", "id");`);
    this.addSql(`create index "target_of_identity_provider" on "target" ("identity_provider_id");`);
    this.addSql(`create unique index "target_name_unique" on "target" ("tenant_id", "identity_provider_id", lower("name"));`);

    this.addSql(
      `create table "target_condition" ("target_id" uuid not null, "tenant_id" uuid not null, "suspended_at" timestamptz(3) null, "paused_until" timestamptz(3) null, "consecutive_failures" int not null default 0, "circuit_open_until" timestamptz(3) null, "cleared_at" timestamptz(3) null, primary key ("target_id"));`,
    );
    this.addSql(`create index "target_condition_page" on "target_condition" ("tenant_id", "target_id");`);

    this.addSql(
      `create table "group" ("id" uuid not null, "tenant_id" uuid not null, "name" text not null, "version" int not null, "created_at" timestamptz(3) not null, primary key ("id"));`,
    );
    this.addSql(`create index "group_page" on "group" ("tenant_id", "id");`);
    this.addSql(`create unique index "group_name_unique" on "group" ("tenant_id", lower("name"));`);

    this.addSql(
      `create table "event" ("tx" bigint not null, "seq" bigint not null, "tenant_id" uuid not null, "type" text not null, "at" timestamptz(3) not null, "user_id" uuid null, "target_id" uuid null, "operation_id" uuid null, "payload" jsonb not null, primary key ("tx", "seq"));`,
    );
    this.addSql(`create index "event_feed" on "event" ("tenant_id", "tx", "seq");`);
    this.addSql(`create index "event_of_user" on "event" ("user_id", "tx", "seq");`);
    this.addSql(`create index "event_of_target" on "event" ("target_id", "tx", "seq");`);
    this.addSql(`create index "event_age" on "event" ("at");`);

    this.addSql(
      `create table "api_token" ("id" uuid not null, "tenant_id" uuid not null, "name" text not null, "role" text not null, "expires_at" timestamptz(3) null, "last_used_at" timestamptz(3) null, "revoked_at" timestamptz(3) null, "created_at" timestamptz(3) not null, "token_hash" text not null, primary key ("id"));`,
    );
    this.addSql(`create index "api_token_page" on "api_token" ("tenant_id", "id");`);
    this.addSql(`alter table "api_token" add constraint "api_token_hash_unique" unique ("token_hash");`);

    this.addSql(
      `create table "administrator" ("id" uuid not null, "tenant_id" uuid not null, "user_name" text not null, "role" text not null, "must_change_password" boolean not null, "created_at" timestamptz(3) not null, "password_hash" text null, "failed_count" int not null default 0, "locked_until" timestamptz(3) null, primary key ("id"));`,
    );
    this.addSql(`create index "administrator_page" on "administrator" ("tenant_id", "id");`);
    this.addSql(`create unique index "administrator_user_name_unique" on "administrator" ("tenant_id", lower("user_name"));`);

    this.addSql(
      `create table "used_once" ("tenant_id" uuid not null, "key_hash" text not null, "until" timestamptz(3) not null, primary key ("tenant_id", "key_hash"));`,
    );
    this.addSql(`create index "used_once_age" on "used_once" ("until");`);

    this.addSql(
      `create table "user_store" ("id" uuid not null, "tenant_id" uuid not null, "name" text not null, "created_at" timestamptz(3) not null, primary key ("id"));`,
    );
    this.addSql(`create index "user_store_page" on "user_store" ("tenant_id", "id");`);
    this.addSql(`create unique index "user_store_name_unique" on "user_store" ("tenant_id", lower("name"));`);

    this.addSql(
      `create table "user" ("id" uuid not null, "tenant_id" uuid not null, "user_store_id" uuid not null, "user_name" text not null, "attributes" jsonb not null, "active" boolean not null, "removed_at" timestamptz(3) null, "version" int not null, "created_at" timestamptz(3) not null, "updated_at" timestamptz(3) not null, "password_hash" text null, "failed_count" int not null default 0, "locked_until" timestamptz(3) null, primary key ("id"));`,
    );
    this.addSql(`create index "user_page" on "user" ("tenant_id", "id");`);
    this.addSql(`create index "user_by_store" on "user" ("user_store_id");`);
    this.addSql(
      `create unique index "user_name_unique" on "user" ("tenant_id", lower("user_name"), "user_store_id") where "removed_at" is null;`,
    );

    this.addSql(
      `create table "operation" ("id" uuid not null, "tenant_id" uuid not null, "user_id" uuid not null, "target_id" uuid not null, "kind" text not null, "state" text not null, "trigger" text not null, "service_provider_id" uuid null, "attempts" int not null default 0, "due_at" timestamptz(3) not null, "lease_owner" text null, "lease_until" timestamptz(3) null, "fence" int not null default 0, "next_kind" text null, "may_have_applied" boolean not null default false, "failure_kind" text null, "failure_attribute" text null, "failure_message" text null, "created_at" timestamptz(3) not null, "settled_at" timestamptz(3) null, "next_trigger" text null, "tries" int not null default 0, "priority" int not null, "entry_id" uuid null, primary key ("id"));`,
    );
    this.addSql(`create index "operation_page" on "operation" ("tenant_id", "id");`);
    this.addSql(`create index "operation_of_user" on "operation" ("user_id", "id");`);
    this.addSql(`create index "operation_of_target" on "operation" ("target_id", "state", "id");`);
    this.addSql(`create index "operation_unfinished" on "operation" ("due_at") where "state" in ('pending', 'running');`);
    this.addSql(`create index "operation_failed" on "operation" ("tenant_id", "id") where "state" = 'failed';`);
    this.addSql(`create unique index "operation_lane" on "operation" ("user_id", "target_id") where "state" in ('pending', 'running');`);

    this.addSql(
      `create table "attempt" ("id" uuid not null, "tenant_id" uuid not null, "operation_id" uuid not null, "number" int not null, "started_at" timestamptz(3) not null, "ended_at" timestamptz(3) not null, "action" text null, "failure_kind" text null, "failure_message" text null, primary key ("id"));`,
    );
    this.addSql(`create index "attempt_page" on "attempt" ("tenant_id", "id");`);
    this.addSql(`alter table "attempt" add constraint "attempt_number_unique" unique ("operation_id", "number");`);

    this.addSql(
      `create table "membership" ("id" uuid not null, "tenant_id" uuid not null, "group_id" uuid not null, "user_id" uuid not null, primary key ("id"));`,
    );
    this.addSql(`create index "membership_page" on "membership" ("tenant_id", "id");`);
    this.addSql(`create index "membership_of_group" on "membership" ("group_id", "id");`);
    this.addSql(`alter table "membership" add constraint "membership_unique" unique ("user_id", "group_id");`);

    this.addSql(
      `create table "link" ("id" uuid not null, "tenant_id" uuid not null, "user_id" uuid not null, "target_id" uuid not null, "account_id" text not null, "origin" text not null, "active" boolean not null, "applied" jsonb not null, "applied_at" timestamptz(3) not null, primary key ("id"));`,
    );
    this.addSql(`create index "link_page" on "link" ("tenant_id", "id");`);
    this.addSql(`alter table "link" add constraint "link_user_target_unique" unique ("user_id", "target_id");`);
    this.addSql(`alter table "link" add constraint "link_target_account_unique" unique ("target_id", "account_id");`);

    this.addSql(
      `create table "identity" ("id" uuid not null, "tenant_id" uuid not null, "user_id" uuid not null, "identity_provider_id" uuid not null, "issuer" text not null, "subject" text not null, "created_at" timestamptz(3) not null, primary key ("id"));`,
    );
    this.addSql(`create index "identity_page" on "identity" ("tenant_id", "id");`);
    this.addSql(`create index "identity_of_user" on "identity" ("user_id");`);
    this.addSql(`create index "identity_of_identity_provider" on "identity" ("identity_provider_id");`);
    this.addSql(`alter table "identity" add constraint "identity_unique" unique ("tenant_id", "issuer", "subject");`);

    this.addSql(
      `create table "service_provider" ("id" uuid not null, "tenant_id" uuid not null, "name" text not null, "description" text not null, "home_url" text null, "return_urls" jsonb not null, "sign_in_identity_provider_ids" jsonb not null, "password_sign_in" boolean not null, "self_registration" boolean not null, "user_store_id" uuid not null, "owns_outbound_rows" boolean not null, "version" int not null, "created_at" timestamptz(3) not null, primary key ("id"));`,
    );
    this.addSql(`create index "service_provider_page" on "service_provider" ("tenant_id", "id");`);
    this.addSql(`create index "service_provider_by_store" on "service_provider" ("user_store_id");`);
    this.addSql(`create unique index "service_provider_name_unique" on "service_provider" ("tenant_id", lower("name"));`);

    this.addSql(
      `create table "outbound_row" ("id" uuid not null, "tenant_id" uuid not null, "service_provider_id" uuid null, "target_id" uuid not null, "blocking" boolean not null, "enable_rules" boolean not null, "jit_outbound" boolean not null, "deadline_ms" int not null, "when_deadline_passes" text not null, primary key ("id"));`,
    );
    this.addSql(`create index "outbound_row_page" on "outbound_row" ("tenant_id", "id");`);
    this.addSql(`create index "outbound_row_of_target" on "outbound_row" ("target_id");`);
    this.addSql(
      `create unique index "outbound_row_unique" on "outbound_row" ("service_provider_id", "target_id") where "service_provider_id" is not null;`,
    );
    this.addSql(
      `create unique index "outbound_row_default_unique" on "outbound_row" ("tenant_id", "target_id") where "service_provider_id" is null;`,
    );

    this.addSql(
      `create table "login_attempt" ("id" uuid not null, "tenant_id" uuid not null, "service_provider_id" uuid not null, "identity_provider_id" uuid null, "user_id" uuid null, "state" text not null, "refusal" text null, "reference" text not null, "browser_hash" text null, "return_to" text null, "holds" jsonb not null, "created_at" timestamptz(3) not null, "decided_at" timestamptz(3) null, primary key ("id"));`,
    );
    this.addSql(`create index "login_attempt_page" on "login_attempt" ("tenant_id", "id");`);
    this.addSql(`create index "login_attempt_of_user" on "login_attempt" ("user_id", "id");`);
    this.addSql(`create index "login_attempt_of_service_provider" on "login_attempt" ("service_provider_id", "id");`);
    this.addSql(`create index "login_attempt_of_identity_provider" on "login_attempt" ("identity_provider_id");`);
    this.addSql(`create index "login_attempt_reference" on "login_attempt" ("tenant_id", "reference");`);
    this.addSql(`create index "login_attempt_held" on "login_attempt" ("tenant_id", "id") where "state" = 'held';`);

    this.addSql(
      `create table "assignment" ("id" uuid not null, "tenant_id" uuid not null, "user_id" uuid not null, "target_id" uuid not null, "service_provider_id" uuid null, "created_at" timestamptz(3) not null, primary key ("id"));`,
    );
    this.addSql(`create index "assignment_page" on "assignment" ("tenant_id", "id");`);
    this.addSql(`create index "assignment_of_user" on "assignment" ("user_id", "target_id");`);
    this.addSql(`create index "assignment_of_target" on "assignment" ("target_id", "id");`);
    this.addSql(`create index "assignment_of_service_provider" on "assignment" ("service_provider_id");`);
    this.addSql(
      `create unique index "assignment_unique" on "assignment" ("user_id", "target_id", "service_provider_id") where "service_provider_id" is not null;`,
    );
    this.addSql(
      `create unique index "assignment_default_unique" on "assignment" ("user_id", "target_id") where "service_provider_id" is null;`,
    );

    this.addSql(
      `alter table "identity_provider" add constraint "identity_provider_tenant_id_foreign" foreign key ("tenant_id") references "tenant" ("id") on delete cascade;`,
    );

    this.addSql(
      `alter table "target" add constraint "target_tenant_id_foreign" foreign key ("tenant_id") references "tenant" ("id") on delete cascade;`,
    );
    this.addSql(
      `alter table "target" add constraint "target_identity_provider_id_foreign" foreign key ("identity_provider_id") references "identity_provider" ("id") on delete restrict;`,
    );

    this.addSql(
      `alter table "target_condition" add constraint "target_condition_target_id_foreign" foreign key ("target_id") references "target" ("id") on update cascade on delete cascade;`,
    );
    this.addSql(
      `alter table "target_condition" add constraint "target_condition_tenant_id_foreign" foreign key ("tenant_id") references "tenant" ("id") on delete cascade;`,
    );

    this.addSql(
      `alter table "group" add constraint "group_tenant_id_foreign" foreign key ("tenant_id") references "tenant" ("id") on delete cascade;`,
    );

    this.addSql(
      `alter table "event" add constraint "event_tenant_id_foreign" foreign key ("tenant_id") references "tenant" ("id") on delete cascade;`,
    );

    this.addSql(
      `alter table "api_token" add constraint "api_token_tenant_id_foreign" foreign key ("tenant_id") references "tenant" ("id") on delete cascade;`,
    );

    this.addSql(
      `alter table "administrator" add constraint "administrator_tenant_id_foreign" foreign key ("tenant_id") references "tenant" ("id") on delete cascade;`,
    );

    this.addSql(
      `alter table "used_once" add constraint "used_once_tenant_id_foreign" foreign key ("tenant_id") references "tenant" ("id") on delete cascade;`,
    );

    this.addSql(
      `alter table "user_store" add constraint "user_store_tenant_id_foreign" foreign key ("tenant_id") references "tenant" ("id") on delete cascade;`,
    );

    this.addSql(
      `alter table "user" add constraint "user_tenant_id_foreign" foreign key ("tenant_id") references "tenant" ("id") on delete cascade;`,
    );
    this.addSql(
      `alter table "user" add constraint "user_user_store_id_foreign" foreign key ("user_store_id") references "user_store" ("id") on delete restrict;`,
    );

    this.addSql(
      `alter table "operation" add constraint "operation_tenant_id_foreign" foreign key ("tenant_id") references "tenant" ("id") on delete cascade;`,
    );
    this.addSql(
      `alter table "operation" add constraint "operation_user_id_foreign" foreign key ("user_id") references "user" ("id") on delete cascade;`,
    );
    this.addSql(
      `alter table "operation" add constraint "operation_target_id_foreign" foreign key ("target_id") references "target" ("id") on delete cascade;`,
    );

    this.addSql(
      `alter table "attempt" add constraint "attempt_tenant_id_foreign" foreign key ("tenant_id") references "tenant" ("id") on delete cascade;`,
    );
    this.addSql(
      `alter table "attempt" add constraint "attempt_operation_id_foreign" foreign key ("operation_id") references "operation" ("id") on delete cascade;`,
    );

    this.addSql(
      `alter table "membership" add constraint "membership_tenant_id_foreign" foreign key ("tenant_id") references "tenant" ("id") on delete cascade;`,
    );
    this.addSql(
      `alter table "membership" add constraint "membership_group_id_foreign" foreign key ("group_id") references "group" ("id") on delete cascade;`,
    );
    this.addSql(
      `alter table "membership" add constraint "membership_user_id_foreign" foreign key ("user_id") references "user" ("id") on delete cascade;`,
    );

    this.addSql(
      `alter table "link" add constraint "link_tenant_id_foreign" foreign key ("tenant_id") references "tenant" ("id") on delete cascade;`,
    );
    this.addSql(
      `alter table "link" add constraint "link_user_id_foreign" foreign key ("user_id") references "user" ("id") on delete cascade;`,
    );
    this.addSql(
      `alter table "link" add constraint "link_target_id_foreign" foreign key ("target_id") references "target" ("id") on delete cascade;`,
    );

    this.addSql(
      `alter table "identity" add constraint "identity_tenant_id_foreign" foreign key ("tenant_id") references "tenant" ("id") on delete cascade;`,
    );
    this.addSql(
      `alter table "identity" add constraint "identity_user_id_foreign" foreign key ("user_id") references "user" ("id") on delete cascade;`,
    );
    this.addSql(
      `alter table "identity" add constraint "identity_identity_provider_id_foreign" foreign key ("identity_provider_id") references "identity_provider" ("id") on delete cascade;`,
    );

    this.addSql(
      `alter table "service_provider" add constraint "service_provider_tenant_id_foreign" foreign key ("tenant_id") references "tenant" ("id") on delete cascade;`,
    );
    this.addSql(
      `alter table "service_provider" add constraint "service_provider_user_store_id_foreign" foreign key ("user_store_id") references "user_store" ("id") on delete restrict;`,
    );

    this.addSql(
      `alter table "outbound_row" add constraint "outbound_row_tenant_id_foreign" foreign key ("tenant_id") references "tenant" ("id") on delete cascade;`,
    );
    this.addSql(
      `alter table "outbound_row" add constraint "outbound_row_service_provider_id_foreign" foreign key ("service_provider_id") references "service_provider" ("id") on delete cascade;`,
    );
    this.addSql(
      `alter table "outbound_row" add constraint "outbound_row_target_id_foreign" foreign key ("target_id") references "target" ("id") on delete cascade;`,
    );

    this.addSql(
      `alter table "login_attempt" add constraint "login_attempt_tenant_id_foreign" foreign key ("tenant_id") references "tenant" ("id") on delete cascade;`,
    );
    this.addSql(
      `alter table "login_attempt" add constraint "login_attempt_service_provider_id_foreign" foreign key ("service_provider_id") references "service_provider" ("id") on delete cascade;`,
    );
    this.addSql(
      `alter table "login_attempt" add constraint "login_attempt_identity_provider_id_foreign" foreign key ("identity_provider_id") references "identity_provider" ("id") on delete set null;`,
    );
    this.addSql(
      `alter table "login_attempt" add constraint "login_attempt_user_id_foreign" foreign key ("user_id") references "user" ("id") on delete cascade;`,
    );

    this.addSql(
      `alter table "assignment" add constraint "assignment_tenant_id_foreign" foreign key ("tenant_id") references "tenant" ("id") on delete cascade;`,
    );
    this.addSql(
      `alter table "assignment" add constraint "assignment_user_id_foreign" foreign key ("user_id") references "user" ("id") on delete cascade;`,
    );
    this.addSql(
      `alter table "assignment" add constraint "assignment_target_id_foreign" foreign key ("target_id") references "target" ("id") on delete cascade;`,
    );
    this.addSql(
      `alter table "assignment" add constraint "assignment_service_provider_id_foreign" foreign key ("service_provider_id") references "service_provider" ("id") on delete cascade;`,
    );

    this.addSql(`insert into "feed" ("name", "tx_offset") values ('events', 0);`);
  }
}
