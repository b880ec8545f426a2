// What the engine must know in any process: how new a link is, when a write got no answer, what may have been given without an answer.
import { Migration } from '@mikro-orm/migrations';

export class Migration20261128012156 extends Migration {
  override name = 'Migration20261128012156';

  override up(): void {
    this.addSql(
      `create table "offered_value" ("id" uuid not null, "tenant_id" uuid not null, "user_id" uuid not null, "target_id" uuid not null, "attribute" text not null, "value" text not null, primary key ("id"));`,
    );
    this.addSql(`create index "offered_value_page" on "offered_value" ("tenant_id", "id");`);
    this.addSql(`create index "offered_value_of_target" on "offered_value" ("target_id");`);
    this.addSql(`create index "offered_value_of_lane" on "offered_value" ("user_id", "target_id");`);

    this.addSql(`alter table "operation" add "unanswered_at" timestamptz(3) null;`);

    this.addSql(`alter table "link" add "linked_at" timestamptz(3) null;`);

    this.addSql(
      `alter table "offered_value" add constraint "offered_value_tenant_id_foreign" foreign key ("tenant_id") references "tenant" ("id") on delete cascade;`,
    );
    this.addSql(
      `alter table "offered_value" add constraint "offered_value_user_id_foreign" foreign key ("user_id") references "user" ("id") on delete cascade;`,
    );
    this.addSql(
      `alter table "offered_value" add constraint "offered_value_target_id_foreign" foreign key ("target_id") references "target" ("id") on delete cascade;`,
    );
  }
}
