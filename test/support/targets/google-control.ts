import express from 'express';
import type { FaultKind } from './faults.ts';
import { shown } from './google-directory.ts';
import type { GoogleServer } from './google-server.ts';

/** The same switches over HTTP, for a server in another process. */
export function control(server: () => GoogleServer): express.Router {
  const router = express.Router();
  router.use(express.json());
  router.get('/users', (_req, res) => void res.json(server().users().map(shown)));
  router.get('/groups', (_req, res) => {
    const groups = [...server().directory.groups.values()];
    res.json(groups.map(({ id, name, email, members }) => ({ id, name, email, members: [...members.keys()] })));
  });
  router.get('/counts', (_req, res) => void res.json({ answered: server().answered(), refused: server().refused() }));
  router.post('/fault', (req, res) => {
    server().fault(req.body.kind as FaultKind, req.body as object);
    res.status(204).end();
  });
  router.post('/latency', (req, res) => {
    server().latency(Number(req.body.ms));
    res.status(204).end();
  });
  router.post('/drop-answers', (req, res) => {
    server().dropAnswers(Number(req.body.probability), Number(req.body.seed ?? 1));
    res.status(204).end();
  });
  router.post('/quota', (req, res) => {
    server().quota(Number(req.body.calls), Number(req.body.perMs ?? 60_000));
    res.status(204).end();
  });
  /** Users that are there already. Answers their ids in the same order. */
  router.post('/seed', (req, res) => {
    const { addresses } = req.body as { addresses: readonly string[] };
    const made = addresses.map((primaryEmail) =>
      server().directory.insertUser({ primaryEmail, name: { givenName: 'Before', familyName: 'Before' }, password: 'Kit-password-1' }),
    );
    res.json(made.map(({ id }) => id));
  });
  router.post('/reset', (_req, res) => {
    server().reset();
    res.status(204).end();
  });
  return router;
}
