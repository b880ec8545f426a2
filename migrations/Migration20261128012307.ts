// Connectors are tried after they were saved: when that is due, and what came of it. Who does not know it saves and tries nothing.
import { Migration } from '@mikro-orm/migrations';

export class Migration20261128012307 extends Migration {
  override name = 'Migration20261128012307';

  override up(): void {
    this.addSql(
      `create table "connector_check" ("id" uuid not null, "tenant_id" uuid not null, "target_id" uuid not null, "due_at" timestamptz(3) null, "checked_at" timestamptz(3) null, "problems" jsonb null, "version" int not null, primary key ("id"));`,
    );
    this.addSql(`create index "connector_check_page" on "connector_check" ("tenant_id", "id");`);
    this.addSql(`create index "connector_check_due" on "connector_check" ("tenant_id", "due_at") where "due_at" is not null;`);
    this.addSql(`alter table "connector_check" add constraint "connector_check_of_target" unique ("target_id");`);

    this.addSql(
      `alter table "connector_check" add constraint "connector_check_tenant_id_foreign" foreign key ("tenant_id") references "tenant" ("id") on delete cascade;`,
    );
    this.addSql(
      `alter table "connector_check" add constraint "connector_check_target_id_foreign" foreign key ("target_id") references "target" ("id") on delete cascade;`,
    );
  }
}
