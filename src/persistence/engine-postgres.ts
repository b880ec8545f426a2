/** PostgreSQL as an engine: a pool, and one connection that listens. */
import pg from 'pg';
import { plannerSettings, statementNames } from './prepared.ts';
import { openTransaction, translate, type Engine, type Row } from './session.ts';

export function openPostgres(url: string, connections: number): Engine {
  const pool = new pg.Pool({
    connectionString: url,
    max: connections,
    keepAlive: true,
    application_name: 'usher',
    // A database that does not answer is an error that somebody sees, not a request that hangs.
    connectionTimeoutMillis: 10_000,
    // eslint-disable-next-line @typescript-eslint/no-misused-promises -- pg-pool waits for it; its types do not say so.
    onConnect: async (client) => {
      await client.query(plannerSettings.join('; '));
    },
  });
  // A connection that breaks while idle is dropped by the pool; whoever uses one that breaks gets the error of the statement.
  pool.on('error', () => undefined);

  const nameOf = statementNames();
  const named = (text: string, parameters: readonly unknown[]): pg.QueryConfig => {
    const name = nameOf(text);
    return { text, values: [...parameters], ...(name === undefined ? {} : { name }) };
  };

  return {
    query: async (text, parameters = []) => (await pool.query<Row>(named(text, parameters)).catch(translate)).rows,
    raw: async (text, parameters = []) => {
      const result = await pool.query<Row>(text, [...parameters]);
      return { rows: result.rows, rowCount: result.rowCount ?? 0 };
    },
    transaction: async (work) => {
      const client = await pool.connect();
      let broken = false;
      // Without a listener an error between two statements would end the process.
      const onError = (): void => {
        broken = true;
      };
      client.on('error', onError);
      try {
        await client.query('begin');
        const result = await work(
          openTransaction(
            async (text, parameters) => (await client.query<Row>(named(text, parameters))).rows,
            async (text, parameters) => (await client.query<Row>(text, [...parameters])).rows,
          ),
        );
        await client.query('commit');
        return result;
      } catch (error) {
        await client.query('rollback').catch(onError);
        throw error;
      } finally {
        client.off('error', onError);
        client.release(broken);
      }
    },
    close: () => pool.end(),
  };
}
