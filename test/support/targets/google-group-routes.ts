/** The Directory API's groups and members, as far as a provisioning client uses them. */
import express from 'express';
import type { Directory } from './google-directory.ts';
import { refusals } from './google-errors.ts';
import { isListed, isNamed } from './google-hiding.ts';
import { page } from './google-query.ts';

export function groupRoutes(directory: Directory, domains: readonly string[]): express.Router {
  const router = express.Router();
  const group = (found: ReturnType<Directory['group']>, named: boolean): Record<string, unknown> => ({
    kind: 'admin#directory#group',
    id: found.id,
    email: found.email,
    ...(named ? { name: found.name } : {}),
    directMembersCount: String(found.members.size),
    ...(found.aliases.length > 0 ? { aliases: found.aliases } : {}),
  });
  router.get('/', (req, res) => {
    const query = req.query as Record<string, string>;
    if (query['domain'] !== undefined && !domains.includes(query['domain'])) throw refusals.notFound('domain');
    if (query['customer'] === undefined && query['domain'] === undefined && query['userKey'] === undefined) throw refusals.badRequest();
    const named = /^name='(.*)'$/s.exec(query['query'] ?? '')?.[1]?.replace(/\\(.)/g, '$1');
    const found = [...directory.groups.values()].filter(
      (each) =>
        (named === undefined || each.name.toLowerCase() === named.toLowerCase()) &&
        (query['domain'] === undefined || each.email.endsWith(`@${query['domain']}`)) &&
        isListed(each),
    );
    const { items, nextPageToken } = page(found, query);
    res.json({
      kind: 'admin#directory#groups',
      ...(items.length > 0 ? { groups: items.map((each) => group(each, isNamed(each))) } : {}),
      ...(nextPageToken === null ? {} : { nextPageToken }),
    });
  });
  router.post('/', (req, res) => void res.json(group(directory.insertGroup(req.body as Record<string, unknown>), true)));
  router.get('/:key', (req, res) => {
    const found = directory.group(req.params.key);
    res.json(group(found, isNamed(found)));
  });
  for (const method of ['patch', 'put'] as const)
    router[method]('/:key', (req, res) => {
      const found = directory.group(req.params.key);
      directory.changeGroup(found, req.body as Record<string, unknown>);
      res.json(group(found, true));
    });
  router.delete('/:key', (req, res) => {
    directory.groups.delete(directory.group(req.params.key).id);
    res.status(204).end();
  });
  router.get('/:key/members', (req, res) => {
    const { items, nextPageToken } = page([...directory.group(req.params.key).members.values()], req.query as Record<string, string>);
    res.json({
      kind: 'admin#directory#members',
      ...(items.length > 0 ? { members: items } : {}),
      ...(nextPageToken === null ? {} : { nextPageToken }),
    });
  });
  router.post('/:key/members', (req, res) => {
    res.json(directory.addMember(directory.group(req.params.key), req.body as Record<string, unknown>));
  });
  router.delete('/:key/members/:member', (req, res) => {
    directory.removeMember(directory.group(req.params.key), req.params.member);
    res.status(204).end();
  });
  return router;
}
