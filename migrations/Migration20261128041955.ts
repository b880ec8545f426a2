// A group that only probes whether its target is back gives up after a day of failures. Who does not know it counts each of them.
import { Migration } from '@mikro-orm/migrations';

export class Migration20261128041955 extends Migration {
  override name = 'Migration20261128041955';

  override up(): void {
    this.addSql(`alter table "provisioned_group" add "failing_since" timestamptz(3) null;`);
  }
}
