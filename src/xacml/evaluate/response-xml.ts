/** A result as XACML's Response. */
import { statusUrn, xacmlNamespace } from '../identifiers.ts';
import { element } from '../xml/write-xml.ts';
import type { Notice } from './outcome.ts';
import type { RequestAttribute } from './request.ts';
import type { Result, Status } from './result.ts';

export function responseXml(result: Result): string {
  const notices = (name: string, each: string, id: string, list: readonly Notice[]): readonly string[] =>
    list.length === 0
      ? []
      : [
          element(
            name,
            {},
            list.map((notice) => noticeXml(each, id, notice)),
            '    ',
          ),
        ];
  const content = [
    element('Decision', {}, result.decision, '    '),
    statusXml(result.status),
    ...notices('Obligations', 'Obligation', 'ObligationId', result.obligations),
    ...notices('AssociatedAdvice', 'Advice', 'AdviceId', result.advice),
    ...attributesXml(result.attributes),
    ...policiesXml(result),
  ];
  return `<?xml version="1.0" encoding="UTF-8"?>\n${element('Response', { xmlns: xacmlNamespace }, [element('Result', {}, content, '  ')])}\n`;
}

function statusXml({ code, message, missing }: Status): string {
  const details = missing.map(({ category, id, dataType, issuer }) =>
    element('MissingAttributeDetail', { Category: category, AttributeId: id, DataType: dataType, Issuer: issuer }, null, '        '),
  );
  return element(
    'Status',
    {},
    [
      element('StatusCode', { Value: statusUrn(code) }, null, '      '),
      ...(message === null ? [] : [element('StatusMessage', {}, message, '      ')]),
      ...(details.length === 0 ? [] : [element('StatusDetail', {}, details, '      ')]),
    ],
    '    ',
  );
}

function noticeXml(name: string, idName: string, { id, assignments }: Notice): string {
  const inside = assignments.map(({ attributeId, category, issuer, dataType, value }) =>
    element('AttributeAssignment', { AttributeId: attributeId, Category: category, Issuer: issuer, DataType: dataType }, value, '        '),
  );
  return element(name, { [idName]: id }, inside, '      ');
}

function attributesXml(attributes: readonly RequestAttribute[]): readonly string[] {
  const byCategory = Map.groupBy(attributes, ({ category }) => category);
  return [...byCategory].map(([category, group]) =>
    element(
      'Attributes',
      { Category: category },
      group.map(({ id, issuer, values }) =>
        element(
          'Attribute',
          { AttributeId: id, Issuer: issuer, IncludeInResult: 'true' },
          values.map(({ type, text }) => element('AttributeValue', { DataType: type.id }, text, '        ')),
          '      ',
        ),
      ),
      '    ',
    ),
  );
}

function policiesXml({ policies }: Result): readonly string[] {
  if (policies.length === 0) return [];
  // The schema wants policies before policy sets.
  const ordered = [...policies].sort((a, b) => a.kind.length - b.kind.length);
  const references = ordered.map(({ kind, id, version }) =>
    element(kind === 'policy' ? 'PolicyIdReference' : 'PolicySetIdReference', { Version: version }, id, '      '),
  );
  return [element('PolicyIdentifierList', {}, references, '    ')];
}
