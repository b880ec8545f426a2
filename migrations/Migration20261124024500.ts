// Looking again at everybody whom a changed setting concerns, in the background and with progress.
import { Migration } from '@mikro-orm/migrations';

export class Migration20261124024500 extends Migration {
  override name = 'Migration20261124024500';

  override up(): void {
    this.addSql(
      `create table "reevaluation" ("id" uuid not null, "tenant_id" uuid not null, "cause" text not null, "target_ids" jsonb not null, "state" text not null, "total" int not null, "done" int not null, "requested" int not null, "cursor" uuid null, "version" int not null, "created_at" timestamptz(3) not null, "finished_at" timestamptz(3) null, primary key ("id"));`,
    );
    this.addSql(`create index "reevaluation_page" on "reevaluation" ("tenant_id", "id");`);
    this.addSql(`create index "reevaluation_unfinished" on "reevaluation" ("tenant_id", "id") where "state" <> 'done';`);
    this.addSql(
      `alter table "reevaluation" add constraint "reevaluation_tenant_id_foreign" foreign key ("tenant_id") references "tenant" ("id") on delete cascade;`,
    );
  }

  override down(): void {
    this.addSql(`drop table "reevaluation";`);
  }
}
