/**
 * What can go wrong is in the schema: a mutation returns a union of its success and these problems, all of which are a Problem.
 * Commands answer with an Outcome; presentOutcome makes the union member of it.
 */
import 'reflect-metadata';
import { createUnionType, Field, ID, Int, InterfaceType, ObjectType, type ClassType } from 'type-graphql';
import type { Outcome, Problem as Refusal } from '../commands/outcome.ts';
import { PolicyFaultType } from './policies/fault-type.ts';

@InterfaceType('Problem', { description: 'Why a mutation changed nothing.', resolveType: (value: object) => value.constructor.name })
export abstract class Problem {
  @Field(() => String, { description: 'For a person to read.' }) message!: string;
  @Field(() => [String], { description: 'Which part of the input is to blame, from the outside in; empty where none is.' })
  path!: readonly string[];
}

@ObjectType('InputProblem', { description: 'One fault of an input.' })
export class InputProblemType {
  @Field(() => [String], { description: 'Which part of the input is at fault, e.g. ["rows", "2", "deadlineMs"].' })
  path!: readonly string[];
  @Field(() => String, { description: 'What is wrong with it.' }) message!: string;
  @Field(() => PolicyFaultType, {
    nullable: true,
    description: 'The same with its place in the text of a policy, as `validatePolicy` tells it; null: it is about something else.',
  })
  fault?: PolicyFaultType;
}

@ObjectType({ implements: Problem, description: 'The input cannot be accepted as it is.' })
export class InvalidInput extends Problem {
  @Field(() => [InputProblemType], { description: 'Every fault that was found.' }) problems!: readonly InputProblemType[];
}

@ObjectType({ implements: Problem, description: 'What the input names does not exist, or not in this tenant.' })
export class NotFound extends Problem {}

@ObjectType({ implements: Problem, description: 'Somebody saved in between: read again and repeat the change.' })
export class VersionConflict extends Problem {
  @Field(() => Int, { description: 'The version it has now.' }) currentVersion!: number;
}

@ObjectType({ implements: Problem, description: 'Something else has this name already.' })
export class NameTaken extends Problem {}

@ObjectType({ implements: Problem, description: 'It is still needed by something else.' })
export class InUse extends Problem {}

@ObjectType({ description: 'It is gone.' })
export class Removed {
  @Field(() => ID, { description: 'The id of what was removed.' }) id!: string;
}

const problems = [InvalidInput, NotFound, VersionConflict, NameTaken, InUse] as const;
type PresentedProblem = InstanceType<(typeof problems)[number]>;

/** What a resolver hands over for an object type: its fields as a plain value, without the methods that resolve others. */
export type Fields<S extends object> = { readonly [F in keyof S as S[F] extends (...args: never[]) => unknown ? never : F]: S[F] };

/** The union that a mutation returns: `successType` or any problem. As a type, `typeof X` is what the resolver returns. */
export const resultUnion = <S extends object>(name: string, description: string, successType: ClassType<S>): Fields<S> | PresentedProblem =>
  createUnionType<readonly ClassType[]>({
    name,
    description,
    types: () => [successType, ...problems],
    resolveType: (value: object) => problems.find((problem) => value instanceof problem) ?? successType,
  }) as Fields<S> | PresentedProblem;

/** A union member from what a command answered; `success` turns its value into the success type's fields. */
export function presentOutcome<T, S extends object>(outcome: Outcome<T>, success: (value: T) => S): S | PresentedProblem {
  return outcome.kind === 'done' ? success(outcome.value) : present(outcome);
}

export function present(problem: Refusal): PresentedProblem {
  switch (problem.kind) {
    case 'invalid-input': {
      const message = problem.problems.map((each) => each.message).join(' ');
      return Object.assign(new InvalidInput(), { message, path: problem.problems[0]?.path ?? [], problems: problem.problems });
    }
    case 'not-found':
      return Object.assign(new NotFound(), { message: problem.message, path: problem.path });
    case 'version-conflict':
      return Object.assign(new VersionConflict(), { message: problem.message, path: problem.path, currentVersion: problem.currentVersion });
    case 'name-taken':
      return Object.assign(new NameTaken(), { message: problem.message, path: problem.path });
    case 'in-use':
      return Object.assign(new InUse(), { message: problem.message, path: problem.path });
  }
}
