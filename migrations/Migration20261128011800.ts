// Two identity providers may speak for one issuer: whom each of them names is somebody of its own, as sign-in has always looked for them.
import { Migration } from '@mikro-orm/migrations';

export class Migration20261128011800 extends Migration {
  override name = 'Migration20261128011800';

  override up(): void {
    this.addSql(`alter table "identity" drop constraint "identity_unique";`);
    this.addSql(
      `alter table "identity" add constraint "identity_unique" unique ("tenant_id", "identity_provider_id", "issuer", "subject");`,
    );
  }
}
