import { isObject } from '../contract/answer.ts';
import { ConnectorError, type Call, type CheckProblem } from '../contract/connector.ts';
import { TokenRefused } from './token.ts';
import { succeeded, type Transport } from './transport.ts';

export interface CheckSettings {
  readonly administratorEmail: string;
  readonly customer: string;
  readonly domain: string;
  /** null: groups are not provisioned. */
  readonly groupDomain: string | null;
}

const listing = { doing: 'listing one account', writes: false };
const lookingUp = { doing: "reading the administrator's account", writes: false };
const listingGroups = { doing: 'listing one group', writes: false };

/** Proves key, delegation and scopes by a token, the administrator's rights and the domains by reading; one problem at a time, the first first. */
export async function check(transport: Transport, settings: CheckSettings, call: Call): Promise<readonly CheckProblem[]> {
  try {
    return await firstProblem(transport, settings, call);
  } catch (error) {
    if (!(error instanceof ConnectorError)) throw error;
    return [{ field: blamed(error), message: error.message }];
  }
}

async function firstProblem(transport: Transport, settings: CheckSettings, call: Call): Promise<readonly CheckProblem[]> {
  const { customer, domain, groupDomain, administratorEmail } = settings;
  const all = await transport.send(listing, call, (directory, options) => directory.users.list({ customer, maxResults: 1 }, options));
  if (all.status === 403)
    return [{ field: 'administratorEmail', message: 'This administrator may not read accounts: give the role of a user administrator.' }];
  if (all.status === 400) return [{ field: 'customer', message: 'Google does not know this customer.' }];
  if (all.status === 404) return [{ field: 'apiRoot', message: 'There is no Directory API at this address.' }];
  if (!succeeded(all)) throw transport.failure(all, listing);
  if (!all.json || !('users' in all.json || 'kind' in all.json))
    return [{ field: 'apiRoot', message: 'Something answers, but not with a list of users.' }];

  const here = await transport.send(listing, call, (directory, options) => directory.users.list({ domain, maxResults: 1 }, options));
  if ([400, 403, 404].includes(here.status))
    return [{ field: 'userIdDomain', message: `"${domain}" is not a domain of this Google Workspace.` }];
  if (!succeeded(here)) throw transport.failure(here, listing);

  const self = await transport.send(lookingUp, call, (directory, options) => directory.users.get({ userKey: administratorEmail }, options));
  if (!succeeded(self)) return [{ field: 'administratorEmail', message: 'Google has no such account in this Google Workspace.' }];
  if (isObject(self.json) && self.json['isAdmin'] !== true && self.json['isDelegatedAdmin'] !== true)
    return [{ field: 'administratorEmail', message: 'This account is not that of an administrator.' }];

  if (groupDomain === null) return [];
  const groups = await transport.send(listingGroups, call, (directory, options) =>
    directory.groups.list({ domain: groupDomain, maxResults: 1 }, options),
  );
  if (succeeded(groups)) return [];
  if (groups.status === 403 && groupDomain === domain)
    return [
      {
        field: 'administratorEmail',
        message: 'This administrator may not manage groups: give the role of a groups administrator as well.',
      },
    ];
  if ([400, 403, 404].includes(groups.status))
    return [{ field: 'groupDomain', message: `"${groupDomain}" is not a domain of this Google Workspace, or its groups may not be read.` }];
  throw transport.failure(groups, listingGroups);
}

function blamed(error: ConnectorError): string | null {
  if (error instanceof TokenRefused) return error.field;
  // A server that fails is nobody's setting; one that cannot be reached may be.
  if (error.failure.kind === 'unauthorized') return /API root/.test(error.message) ? 'apiRoot' : null;
  if (error.failure.kind !== 'transient' || /answered 5/.test(error.message)) return null;
  return /access token/.test(error.message) ? 'tokenUrl' : 'apiRoot';
}
