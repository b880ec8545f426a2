import { Migration20261124000000 } from './Migration20261124000000.ts';
import { Migration20261124023400 } from './Migration20261124023400.ts';
import { Migration20261124024500 } from './Migration20261124024500.ts';
import { Migration20261124025000 } from './Migration20261124025000.ts';
import { Migration20261124030000 } from './Migration20261124030000.ts';
import { Migration20261124032000 } from './Migration20261124032000.ts';
import { Migration20261128004102 } from './Migration20261128004102.ts';
import { Migration20261128010531 } from './Migration20261128010531.ts';
import { Migration20261128011800 } from './Migration20261128011800.ts';
import { Migration20261128012156 } from './Migration20261128012156.ts';
import { Migration20261128012307 } from './Migration20261128012307.ts';
import { Migration20261128041955 } from './Migration20261128041955.ts';
import { Migration20261128044255 } from './Migration20261128044255.ts';
import { Migration20261128090827 } from './Migration20261128090827.ts';

export const migrations = [
  { name: 'Migration20261124000000', class: Migration20261124000000 },
  { name: 'Migration20261124023400', class: Migration20261124023400 },
  { name: 'Migration20261124024500', class: Migration20261124024500 },
  { name: 'Migration20261124025000', class: Migration20261124025000 },
  { name: 'Migration20261124030000', class: Migration20261124030000 },
  { name: 'Migration20261124032000', class: Migration20261124032000 },
  { name: 'Migration20261128004102', class: Migration20261128004102 },
  { name: 'Migration20261128010531', class: Migration20261128010531 },
  { name: 'Migration20261128011800', class: Migration20261128011800 },
  { name: 'Migration20261128012156', class: Migration20261128012156 },
  { name: 'Migration20261128012307', class: Migration20261128012307 },
  { name: 'Migration20261128041955', class: Migration20261128041955 },
  { name: 'Migration20261128044255', class: Migration20261128044255 },
  { name: 'Migration20261128090827', class: Migration20261128090827 },
];
