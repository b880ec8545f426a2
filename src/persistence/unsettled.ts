/**
 * Whether the last operation of a lane was given up without an answer to its write: the account may be there, or be other than the link says.
 * `user` and `target` are columns. Only the last one tells: what succeeded after it has looked.
 */
export const lastIsUnsettled = (user: string, target: string): string => `coalesce((
  select last.state = 'failed' and last.may_have_applied from operation last
  where last.user_id = ${user} and last.target_id = ${target} order by last.id desc limit 1), false)`;
