// What is in a policy is worked out when it is saved, and not by every list again. Older code does not know it and saves null: then it is worked out when asked.
import { Migration } from '@mikro-orm/migrations';

export class Migration20261128044255 extends Migration {
  override name = 'Migration20261128044255';

  override up(): void {
    this.addSql(`alter table "policy" add "draft_digest" jsonb null;`);

    this.addSql(`alter table "policy_version" add "digest" jsonb null;`);
  }
}
