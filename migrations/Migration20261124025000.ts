// Accounts that wait for a decision, deletions after a grace period, and endings that are held because there are many. Old code never sets and never reads what is new.
import { Migration } from '@mikro-orm/migrations';

export class Migration20261124025000 extends Migration {
  override name = 'Migration20261124025000';

  override up(): void {
    this.addSql(
      `create table "deleted_account" ("id" uuid not null, "tenant_id" uuid not null, "user_id" uuid not null, "target_id" uuid not null, "account_id" text not null, "origin" text not null, "created_at" timestamptz(3) not null, primary key ("id"));`,
    );
    this.addSql(`create index "deleted_account_page" on "deleted_account" ("tenant_id", "id");`);
    this.addSql(`create index "deleted_account_of_target" on "deleted_account" ("target_id");`);
    this.addSql(`alter table "deleted_account" add constraint "deleted_account_unique" unique ("user_id", "target_id");`);
    this.addSql(
      `create table "chosen_account" ("id" uuid not null, "tenant_id" uuid not null, "user_id" uuid not null, "target_id" uuid not null, "account_id" text not null, "choice" text not null, "created_at" timestamptz(3) not null, primary key ("id"));`,
    );
    this.addSql(`create index "chosen_account_page" on "chosen_account" ("tenant_id", "id");`);
    this.addSql(`create index "chosen_account_of_target" on "chosen_account" ("target_id");`);
    this.addSql(`alter table "chosen_account" add constraint "chosen_account_unique" unique ("user_id", "target_id", "account_id");`);
    this.addSql(
      `create table "adoption_case" ("id" uuid not null, "tenant_id" uuid not null, "user_id" uuid not null, "target_id" uuid not null, "state" text not null, "reason" text not null, "wanted" jsonb not null, "candidates" jsonb not null, "account_id" text null, "decided_by" text null, "decided_at" timestamptz(3) null, "created_at" timestamptz(3) not null, primary key ("id"));`,
    );
    this.addSql(`create index "adoption_case_page" on "adoption_case" ("tenant_id", "id");`);
    this.addSql(`create index "adoption_case_of_user" on "adoption_case" ("user_id", "id");`);
    this.addSql(`create index "adoption_case_of_target" on "adoption_case" ("target_id", "id");`);
    this.addSql(`create unique index "adoption_case_waiting" on "adoption_case" ("user_id", "target_id") where "state" = 'waiting';`);
    this.addSql(
      `alter table "target" add "grace_days" int not null default 30, add "protected_accounts" jsonb not null default '[]', add "guard_enabled" boolean not null default true, add "guard_count" int not null default 100, add "guard_percent" int not null default 10, add "guard_percent_from" int not null default 10, add "guard_window_minutes" int not null default 60;`,
    );
    this.addSql(`alter table "user" add "self_registered" boolean not null default false;`);
    this.addSql(
      `alter table "operation" add "held_at" timestamptz(3) null, add "ends_since" timestamptz(3) null, add "confirmed" boolean not null default false;`,
    );
    this.addSql(`create index "operation_ending" on "operation" ("target_id", "ends_since") where "ends_since" is not null;`);
    this.addSql(`create index "operation_held" on "operation" ("tenant_id", "target_id", "id") where "state" = 'held';`);
    this.addSql(
      `alter table "link" add "delete_at" timestamptz(3) null, add "deletion_asked_at" timestamptz(3) null, add "protected_as" text null;`,
    );
    this.addSql(
      `create index "link_deletion" on "link" ("tenant_id", "delete_at") where "delete_at" is not null and "deletion_asked_at" is null;`,
    );
    this.addSql(
      `alter table "deleted_account" add constraint "deleted_account_tenant_id_foreign" foreign key ("tenant_id") references "tenant" ("id") on delete cascade;`,
    );
    this.addSql(
      `alter table "deleted_account" add constraint "deleted_account_user_id_foreign" foreign key ("user_id") references "user" ("id") on delete cascade;`,
    );
    this.addSql(
      `alter table "deleted_account" add constraint "deleted_account_target_id_foreign" foreign key ("target_id") references "target" ("id") on delete cascade;`,
    );
    this.addSql(
      `alter table "chosen_account" add constraint "chosen_account_tenant_id_foreign" foreign key ("tenant_id") references "tenant" ("id") on delete cascade;`,
    );
    this.addSql(
      `alter table "chosen_account" add constraint "chosen_account_user_id_foreign" foreign key ("user_id") references "user" ("id") on delete cascade;`,
    );
    this.addSql(
      `alter table "chosen_account" add constraint "chosen_account_target_id_foreign" foreign key ("target_id") references "target" ("id") on delete cascade;`,
    );
    this.addSql(
      `alter table "adoption_case" add constraint "adoption_case_tenant_id_foreign" foreign key ("tenant_id") references "tenant" ("id") on delete cascade;`,
    );
    this.addSql(
      `alter table "adoption_case" add constraint "adoption_case_user_id_foreign" foreign key ("user_id") references "user" ("id") on delete cascade;`,
    );
    this.addSql(
      `alter table "adoption_case" add constraint "adoption_case_target_id_foreign" foreign key ("target_id") references "target" ("id") on delete cascade;`,
    );

    // A held ending keeps its lane. Old code names fewer states when it asks for the lane: that implies these, so it finds this index, too.
    this.addSql(`drop index "operation_lane";`);
    this.addSql(
      `create unique index "operation_lane" on "operation" ("user_id", "target_id") where "state" in ('pending', 'running', 'held');`,
    );
    // Whoever registered themself before, as far as the feed remembers, is nobody who was vouched for.
    this.addSql(
      `update "user" as u set "self_registered" = true where exists (select from "event" e where e."user_id" = u."id" and e."type" = 'user.created' and e."payload" ->> 'by' = 'registration') and not exists (select from "identity" i where i."user_id" = u."id");`,
    );
  }
}
