/** Prints the URL of a PostgreSQL server at 127.0.0.1:5432 where we may create databases; leaves with 1 where there is none. */
const { Client } = require('pg');

const at = '127.0.0.1:5432';
const candidates = [
  ...(process.env.DATABASE_URL ? [process.env.DATABASE_URL] : []),
  ...['postgres@HOST/postgres', 'root@HOST/postgres', 'root@HOST/root', 'postgres:postgres@HOST/postgres'].map(
    (place) => `postgres://${place.replace('HOST', at)}`,
  ),
];

async function mayCreateDatabases(url) {
  const client = new Client({ connectionString: url, connectionTimeoutMillis: 3_000, query_timeout: 3_000 });
  // A server that goes away while we ask is answered by the query below.
  client.on('error', () => undefined);
  try {
    await client.connect();
    const { rows } = await client.query(
      "select rolsuper or rolcreatedb as able, current_setting('server_version_num')::int as version from pg_roles where rolname = current_user",
    );
    return rows[0]?.able === true && rows[0].version >= 150_000;
  } catch {
    return false;
  } finally {
    await client.end().catch(() => undefined);
  }
}

async function main() {
  for (const url of candidates) {
    if (await mayCreateDatabases(url)) {
      console.log(url);
      return;
    }
  }
  process.exitCode = 1;
}
void main();
