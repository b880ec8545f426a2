import type { AccountId, TargetGroupId } from '../../domain/vocabulary.ts';
import type { Answer, Purpose } from '../contract/answer.ts';
import type { Call, ConnectorError, GroupCalls, MembersChanged } from '../contract/connector.ts';
import { sentenceOf } from './failures.ts';
import { succeeded, type Transport } from './transport.ts';

const adding = { doing: 'adding a member', writes: true };
const removing = { doing: 'removing a member', writes: true };

export interface MemberParts {
  readonly transport: Transport;
  /** The failure that an answer about this group is. */
  readonly refusal: (answer: Answer, purpose: Purpose) => ConnectorError;
}

/** One call for each member: the Directory API knows no other way that says which of them failed. */
export function memberCalls({ transport, refusal }: MemberParts): Pick<GroupCalls, 'add' | 'remove'> {
  async function addOne(id: TargetGroupId, member: AccountId, call: Call): Promise<'member' | 'unknown'> {
    const answer = await transport.send(
      adding,
      call,
      (directory, options) => directory.members.insert({ groupKey: id, requestBody: { id: member, role: 'MEMBER' } }, options),
      { statusOnly: true },
    );
    if (succeeded(answer) || isMemberAlready(answer)) return 'member';
    if (!isAboutMember(answer)) throw refusal(answer, adding);
    return 'unknown';
  }

  async function removeOne(id: TargetGroupId, member: AccountId, call: Call): Promise<'gone' | 'unknown'> {
    const answer = await transport.send(
      removing,
      call,
      (directory, options) => directory.members.delete({ groupKey: id, memberKey: member }, options),
      { statusOnly: true },
    );
    if (succeeded(answer)) return 'gone';
    if (!isAboutMember(answer)) throw refusal(answer, removing);
    return 'unknown';
  }

  return {
    add: (id, members, call) => unknownOf(members, (member) => addOne(id, member, call)),
    remove: (id, members, call) => unknownOf(members, (member) => removeOne(id, member, call)),
  };
}

/** One after the other. */
async function unknownOf(members: readonly AccountId[], change: (member: AccountId) => Promise<string>): Promise<MembersChanged> {
  const unknown: AccountId[] = [];
  for (const member of new Set(members)) if ((await change(member)) === 'unknown') unknown.push(member);
  return { unknown };
}

function isMemberAlready(answer: Answer): boolean {
  return answer.status === 409 && /already/i.test(sentenceOf(answer));
}

/** Whether a refusal is about the member, and not about the group. */
function isAboutMember(answer: Answer): boolean {
  return (answer.status === 404 || answer.status === 400) && /member/i.test(sentenceOf(answer));
}
