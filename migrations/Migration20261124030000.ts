// A target has a mapping of its own, and an id that a user id pattern made belongs to one user there. Who knows neither leaves both alone.
import { Migration } from '@mikro-orm/migrations';

export class Migration20261124030000 extends Migration {
  override name = 'Migration20261124030000';

  override up(): void {
    this.addSql(`alter table "target" add "mapping" jsonb null;`);

    this.addSql(
      `create table "user_id_claim" ("id" uuid not null, "tenant_id" uuid not null, "target_id" uuid not null, "user_id" uuid not null, "base" text not null, "value" text not null, primary key ("id"));`,
    );
    this.addSql(`create index "user_id_claim_of_tenant" on "user_id_claim" ("tenant_id");`);
    this.addSql(`alter table "user_id_claim" add constraint "user_id_claim_of_user" unique ("user_id", "target_id");`);
    this.addSql(`alter table "user_id_claim" add constraint "user_id_claim_value_unique" unique ("target_id", "value");`);
    this.addSql(
      `alter table "user_id_claim" add constraint "user_id_claim_tenant_id_foreign" foreign key ("tenant_id") references "tenant" ("id") on delete cascade;`,
    );
    this.addSql(
      `alter table "user_id_claim" add constraint "user_id_claim_target_id_foreign" foreign key ("target_id") references "target" ("id") on delete cascade;`,
    );
    this.addSql(
      `alter table "user_id_claim" add constraint "user_id_claim_user_id_foreign" foreign key ("user_id") references "user" ("id") on delete cascade;`,
    );
  }
}
