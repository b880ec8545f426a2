/** What a login costs without Usher: passport-saml on Express with the same session store on the same kind of database, and nothing else. */
import { createServer } from 'node:http';
import { Strategy, ValidateInResponseTo, type VerifyWithRequest } from '@node-saml/passport-saml';
import connectPgSimple from 'connect-pg-simple';
import express, { urlencoded, type RequestHandler } from 'express';
import session from 'express-session';
import passport from 'passport';
import type { Pool } from 'pg';
import { v7 } from 'uuid';
import { openDatabase } from '../src/persistence/database.ts';

const { BARE_PORT, BARE_ENTRY_POINT, BARE_CERTIFICATE, DATABASE_URL, USHER_DATA_DIR } = process.env as Record<string, string>;
const url = `http://127.0.0.1:${BARE_PORT}`;
// The same database as Usher's with the same durability, of which only the table of sessions is used.
const database = await openDatabase(
  {
    databaseUrl: DATABASE_URL ?? null,
    databasePool: 10,
    dataDir: `${USHER_DATA_DIR}/bare`,
    secretKeys: [{ id: 'bench', key: Buffer.alloc(32) }],
  },
  {
    queue: () => {
      throw new Error('Nothing is queued here.');
    },
    clock: { now: () => new Date() },
    chance: { random: Math.random, uuid: v7, secret: v7 },
  },
);
const Store = connectPgSimple(session);
const pool = { query: (text: string, parameters: readonly unknown[]) => database.query(text, parameters) } as unknown as Pool;
const signOn: VerifyWithRequest = (_request, profile, done) => done(null, { id: profile!.nameID });
const strategy = new Strategy(
  {
    callbackUrl: `${url}/callback`,
    entryPoint: BARE_ENTRY_POINT!,
    issuer: `${url}/metadata`,
    audience: `${url}/metadata`,
    idpCert: BARE_CERTIFICATE!,
    wantAssertionsSigned: true,
    wantAuthnResponseSigned: false,
    validateInResponseTo: ValidateInResponseTo.always,
    passReqToCallback: true,
  },
  signOn,
  signOn,
);
passport.use('saml', strategy);
passport.serializeUser((user, done) => done(null, user));
passport.deserializeUser((user: Express.User, done) => done(null, user));
const authenticate = passport.authenticate('saml', { failureRedirect: '/failed' }) as RequestHandler;
const app = express();
app.use(
  session({
    store: new Store({ pool, createTableIfMissing: false, disableTouch: true }),
    secret: 'the secret of the benchmark, long enough',
    resave: false,
    saveUninitialized: false,
    cookie: { httpOnly: true, sameSite: 'lax' },
  }),
);
app.use(passport.session() as RequestHandler);
app.get('/login', authenticate);
// The identity provider reads it outside of what is measured, as it reads Usher's.
app.get('/metadata', (_request, response) => response.type('xml').send(`<md:AssertionConsumerService Location="${url}/callback"/>`));
app.post('/callback', urlencoded({ extended: false, limit: '1mb' }), authenticate, (_request, response) => response.redirect('/session'));
createServer(app).listen(Number(BARE_PORT), '127.0.0.1', () => console.log(JSON.stringify({ url })));
