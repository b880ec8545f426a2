/**
 * The fields of a form that make an account's name from a pattern, as administrators of WSO2 Identity Server know them. What they come to
 * is domain/user-id-pattern.ts; a connector spreads them into its form and names the attribute they fill (`userIdAttribute`).
 */
import type { ConfigField } from './config-fields.ts';

export interface UserIdTexts {
  /** What the domain is at this target, for the form. */
  readonly domainDescription: string;
  readonly domainRequired: boolean;
}

type Text = Extract<ConfigField, { readonly kind: 'text' }>;
type Choice = Extract<ConfigField, { readonly kind: 'choice' }>;
export interface UserIdFields {
  readonly userIdPattern: Text & { readonly default: string };
  readonly userIdSeparator: Text & { readonly default: string };
  readonly userIdDomain: Text;
  readonly userIdTaken: Choice & { readonly default: string };
}

/** `userIdPattern`, `userIdSeparator`, `userIdDomain` and `userIdTaken`. */
export function userIdFields({ domainDescription, domainRequired }: UserIdTexts): UserIdFields {
  return {
    userIdPattern: {
      kind: 'text',
      displayName: 'User id pattern',
      description:
        'Tokens in braces, in any order: UN (user name), UD (user store), TD (tenant), IDP (identity provider). Example: {UN,TD}. An empty pattern means {UN}.',
      required: false,
      default: '{UN}',
      maxLength: 64,
    },
    userIdSeparator: {
      kind: 'text',
      displayName: 'Separator',
      description: 'Joins the tokens of the pattern; taken literally.',
      required: false,
      default: '_',
      maxLength: 8,
    },
    userIdDomain: {
      kind: 'text',
      displayName: 'Domain',
      description: domainDescription,
      required: domainRequired,
      pattern: '[A-Za-z0-9](?:[A-Za-z0-9.\\-]{0,251}[A-Za-z0-9])?',
      maxLength: 253,
    },
    userIdTaken: {
      kind: 'choice',
      displayName: 'When two people would get one id',
      description: 'Refuse the second person with a clear problem, or number them (ann, ann2, ann3).',
      required: false,
      default: 'refuse',
      options: [
        { value: 'refuse', label: 'Refuse the second' },
        { value: 'number', label: 'Number them' },
      ],
    },
  };
}
