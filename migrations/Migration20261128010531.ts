// When Usher asked for a group: a target may not show for some minutes what it has just made. Who does not know it takes that for no group.
import { Migration } from '@mikro-orm/migrations';

export class Migration20261128010531 extends Migration {
  override name = 'Migration20261128010531';

  override up(): void {
    this.addSql(`alter table "provisioned_group" add "asked_at" timestamptz(3) null;`);
  }
}
