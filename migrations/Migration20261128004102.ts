// Policies with their versions, what they decided, and how rows and tenants ask them: the tables begin empty, and every row goes on as it was.
import { Migration } from '@mikro-orm/migrations';

export class Migration20261128004102 extends Migration {
  override name = 'Migration20261128004102';

  override up(): void {
    this.addSql(
      `create table "policy" ("id" uuid not null, "tenant_id" uuid not null, "name" text not null, "description" text not null, "position" int not null, "active" boolean not null, "referenced_only" boolean not null, "draft" text null, "draft_form" jsonb null, "drafted_by" text null, "drafted_at" timestamptz(3) null, "published_version_id" uuid null, "version" int not null, "created_at" timestamptz(3) not null, primary key ("id"));`,
    );
    this.addSql(`create index "policy_page" on "policy" ("tenant_id", "id");`);
    this.addSql(`create unique index "policy_name_unique" on "policy" ("tenant_id", lower("name"));`);

    this.addSql(
      `create table "policy_version" ("id" uuid not null, "tenant_id" uuid not null, "policy_id" uuid not null, "number" int not null, "xml" text not null, "form" jsonb null, "published_by" text not null, "created_at" timestamptz(3) not null, primary key ("id"));`,
    );
    this.addSql(`create index "policy_version_page" on "policy_version" ("tenant_id", "id");`);
    this.addSql(`alter table "policy_version" add constraint "policy_version_unique" unique ("policy_id", "number");`);

    this.addSql(
      `create table "rule_decision" ("id" uuid not null, "tenant_id" uuid not null, "user_id" uuid not null, "target_id" uuid not null, "service_provider_id" uuid null, "operation_id" uuid null, "trigger" text not null, "answer" text not null, "permitted" boolean not null, "details" jsonb not null, "created_at" timestamptz(3) not null, primary key ("id"));`,
    );
    this.addSql(`create index "rule_decision_page" on "rule_decision" ("tenant_id", "id");`);
    this.addSql(`create index "rule_decision_of_user" on "rule_decision" ("user_id", "id");`);
    this.addSql(`create index "rule_decision_of_target" on "rule_decision" ("target_id", "id");`);
    this.addSql(`create index "rule_decision_of_operation" on "rule_decision" ("operation_id");`);
    this.addSql(`create index "rule_decision_by_age" on "rule_decision" ("created_at");`);

    this.addSql(
      `alter table "tenant" add "time_zone" text not null default 'UTC', add "policy_combining" text not null default 'deny-overrides', add "policy_revision" int not null default 0;`,
    );

    this.addSql(
      `alter table "outbound_row" add "when_not_applicable" text not null default 'deny', add "accounts_of_denied" text not null default 'end', add "require_provisioned" boolean not null default false, add "rules_on_removal" boolean not null default false;`,
    );

    this.addSql(
      `alter table "policy" add constraint "policy_tenant_id_foreign" foreign key ("tenant_id") references "tenant" ("id") on delete cascade;`,
    );

    this.addSql(
      `alter table "policy_version" add constraint "policy_version_tenant_id_foreign" foreign key ("tenant_id") references "tenant" ("id") on delete cascade;`,
    );
    this.addSql(
      `alter table "policy_version" add constraint "policy_version_policy_id_foreign" foreign key ("policy_id") references "policy" ("id") on delete cascade;`,
    );

    this.addSql(
      `alter table "rule_decision" add constraint "rule_decision_tenant_id_foreign" foreign key ("tenant_id") references "tenant" ("id") on delete cascade;`,
    );
    this.addSql(
      `alter table "rule_decision" add constraint "rule_decision_user_id_foreign" foreign key ("user_id") references "user" ("id") on delete cascade;`,
    );
    this.addSql(
      `alter table "rule_decision" add constraint "rule_decision_target_id_foreign" foreign key ("target_id") references "target" ("id") on delete cascade;`,
    );
  }
}
