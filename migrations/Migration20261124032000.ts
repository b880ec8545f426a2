// Groups of ours that are provisioned into targets, and the members that Usher has put there: both begin empty.
import { Migration } from '@mikro-orm/migrations';

export class Migration20261124032000 extends Migration {
  override name = 'Migration20261124032000';

  override up(): void {
    this.addSql(
      `create table "provisioned_group" ("id" uuid not null, "tenant_id" uuid not null, "group_id" uuid null, "target_id" uuid not null, "target_group_id" text null, "applied_name" text null, "origin" text null, "begun_name" text null, "when_removed" text not null, "ending_since" timestamptz(3) null, "state" text not null, "due_at" timestamptz(3) not null, "attempts" int not null default 0, "failure_kind" text null, "failure_message" text null, "right_at" timestamptz(3) null, "created_at" timestamptz(3) not null, "lease_owner" text null, "lease_until" timestamptz(3) null, "fence" int not null default 0, "changes" int not null default 0, "added" int not null default 0, "removed" int not null default 0, primary key ("id"));`,
    );
    this.addSql(`create index "provisioned_group_page" on "provisioned_group" ("tenant_id", "id");`);
    this.addSql(`create index "provisioned_group_of_target" on "provisioned_group" ("target_id", "state");`);
    this.addSql(`create index "provisioned_group_unfinished" on "provisioned_group" ("due_at") where "state" in ('pending', 'running');`);
    this.addSql(`alter table "provisioned_group" add constraint "provisioned_group_unique" unique ("group_id", "target_id");`);
    this.addSql(
      `alter table "provisioned_group" add constraint "provisioned_group_target_group_unique" unique ("target_id", "target_group_id");`,
    );
    this.addSql(
      `create table "provisioned_member" ("id" uuid not null, "tenant_id" uuid not null, "provisioned_group_id" uuid not null, "user_id" uuid not null, "account_id" text not null, "state" text not null, "changed_at" timestamptz(3) not null, primary key ("id"));`,
    );
    this.addSql(`create index "provisioned_member_page" on "provisioned_member" ("tenant_id", "id");`);
    this.addSql(`create index "provisioned_member_of_user" on "provisioned_member" ("user_id");`);
    this.addSql(
      `alter table "provisioned_member" add constraint "provisioned_member_unique" unique ("provisioned_group_id", "account_id");`,
    );
    this.addSql(
      `alter table "provisioned_group" add constraint "provisioned_group_tenant_id_foreign" foreign key ("tenant_id") references "tenant" ("id") on delete cascade;`,
    );
    this.addSql(
      `alter table "provisioned_group" add constraint "provisioned_group_group_id_foreign" foreign key ("group_id") references "group" ("id") on delete set null;`,
    );
    this.addSql(
      `alter table "provisioned_group" add constraint "provisioned_group_target_id_foreign" foreign key ("target_id") references "target" ("id") on delete cascade;`,
    );
    this.addSql(
      `alter table "provisioned_member" add constraint "provisioned_member_tenant_id_foreign" foreign key ("tenant_id") references "tenant" ("id") on delete cascade;`,
    );
    this.addSql(
      `alter table "provisioned_member" add constraint "provisioned_member_provisioned_group_id_foreign" foreign key ("provisioned_group_id") references "provisioned_group" ("id") on delete cascade;`,
    );
    this.addSql(
      `alter table "provisioned_member" add constraint "provisioned_member_user_id_foreign" foreign key ("user_id") references "user" ("id") on delete cascade;`,
    );
  }
}
