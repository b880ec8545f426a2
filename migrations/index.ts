import { Migration20261124000000 } from './Migration20261124000000.ts';

export const migrations = [{ name: 'Migration20261124000000', class: Migration20261124000000 }];
