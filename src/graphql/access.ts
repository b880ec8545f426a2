/**
 * Who may do what over GraphQL. Every root field names the least it asks for with `@Authorized('operator')`; object types carry nothing,
 * for they are reached through root fields only. 'anyone' and 'signed-in' are for signing in and out and for `me`.
 */
import 'reflect-metadata';
import { GraphQLError, type GraphQLFieldExtensions } from 'graphql';
import { Authorized as AuthorizedField, Extensions } from 'type-graphql';
import { reaches, type Caller } from '../commands/caller.ts';
import { roles } from '../domain/vocabulary.ts';

/** What a root field asks for at least: 'signed-in' is any role, even before the first password is changed. */
export const accessLevels = ['anyone', 'signed-in', ...roles] as const;
export type AccessLevel = (typeof accessLevels)[number];

/** The caller of one request, once known. */
export interface Access extends Caller {
  readonly name: string;
  /** The password was made by Usher: nothing but `me`, changing it and signing out until it is changed. */
  readonly mustChangePassword: boolean;
}

/** The least role of a query, mutation or subscription. Kept in the schema as an extension, so that tests can walk it. */
export const Authorized =
  (level: AccessLevel): MethodDecorator =>
  (target, key, descriptor) => {
    AuthorizedField(level)(target, key, descriptor);
    Extensions({ access: level })(target, key, descriptor);
  };

/** What a root field of a built schema asks for; null where it forgot to say. */
export const accessOf = (field: { readonly extensions: Readonly<GraphQLFieldExtensions<unknown, unknown>> }): AccessLevel | null =>
  accessLevels.find((level) => level === field.extensions['access']) ?? null;

/** Throws the error a caller gets who may not. */
export function requireAccess(access: Access | null, level: AccessLevel): void {
  if (level === 'anyone') return;
  if (access === null) throw new GraphQLError('Sign in, or send an API token.', { extensions: { code: 'UNAUTHENTICATED' } });
  if (level === 'signed-in') return;
  if (access.mustChangePassword)
    throw new GraphQLError('Change your password first.', { extensions: { code: 'PASSWORD_CHANGE_REQUIRED' } });
  if (!reaches(access.role, level)) throw new GraphQLError(`This needs the role ${level}.`, { extensions: { code: 'FORBIDDEN' } });
}
