/** What `npm run migration` has made, apart from the migrations themselves: a start that has nothing to migrate loads none. */
export const migrationNames = [
  'Migration20261124000000',
  'Migration20261124023400',
  'Migration20261124024500',
  'Migration20261124025000',
  'Migration20261124030000',
  'Migration20261124032000',
  'Migration20261128004102',
  'Migration20261128010531',
  'Migration20261128011800',
  'Migration20261128012156',
  'Migration20261128012307',
  'Migration20261128041955',
  'Migration20261128044255',
  'Migration20261128090827',
];
