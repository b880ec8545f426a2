// What is in a policy is worked out when it is saved, and not by every list again. Older code does not know it: its versions have none, and a draft that it changes keeps that of the text before. So each tells its text by a hash, and counts for no other.
import { Migration } from '@mikro-orm/migrations';

export class Migration20261128044255 extends Migration {
  override name = 'Migration20261128044255';

  override up(): void {
    this.addSql(`alter table "policy" add "draft_digest" jsonb null;`);

    this.addSql(`alter table "policy_version" add "digest" jsonb null;`);
  }
}
