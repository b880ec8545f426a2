// Two who give an administrator a role at once: the one who has not seen the other's change is told. Older code raises no version, and makes the first.
import { Migration } from '@mikro-orm/migrations';

export class Migration20261128090827 extends Migration {
  override name = 'Migration20261128090827';

  override up(): void {
    this.addSql(`alter table "administrator" add "version" int not null default 1;`);
  }
}
