/**
 * An administrator says how an identity provider signs people in. Our own key and certificate are made at the first time, or when asked to
 * be renewed; the private key is sealed and never given out.
 */
import { X509Certificate } from 'node:crypto';
import type { IdentityProvider, IdentityProviderId, SamlAuthenticator } from '../domain/vocabulary.ts';
import type { Caller } from './caller.ts';
import { identityProviderChanged } from './identity-provider-changed.ts';
import { invalid, notFound, versionConflict, type InputProblem, type Outcome } from './outcome.ts';
import type { House } from './ports.ts';
import { changeAsSeen } from './settings-record.ts';

export interface ConfigureAuthenticatorInput {
  readonly identityProviderId: IdentityProviderId;
  readonly version: number;
  readonly saml: Omit<SamlAuthenticator, 'kind' | 'ownCertificate'>;
  /** Make a new key of our own in place of the present one. */
  readonly renewKey: boolean;
}

export async function configureAuthenticator(
  house: Pick<House, 'database' | 'certificates'>,
  caller: Caller,
  input: ConfigureAuthenticatorInput,
): Promise<Outcome<IdentityProvider>> {
  const { identityProviderId: id, version } = input;
  const current = await house.database.reads(caller.tenantId).byId('identityProvider', id);
  if (!current) return notFound('identity provider', 'identityProviderId');
  if (current.version !== version) return versionConflict(current.version);
  const certificates = readCertificates(input.saml.certificates);
  if (certificates.kind === 'invalid') return invalid(...certificates.problems);

  // Made before the transaction: a key takes a while. The version makes sure that nobody else made one meanwhile.
  const present = current.authenticator?.ownCertificate ?? null;
  const made = present === null || input.renewKey ? await house.certificates.make(`Usher for ${current.name}`.slice(0, 64)) : null;
  const authenticator = {
    ...input.saml,
    kind: 'saml',
    certificates: certificates.pem,
    ownCertificate: made?.certificate ?? present,
  } as const;
  return house.database.transaction(caller.tenantId, async (tx) => {
    const changed = await changeAsSeen(tx, 'identityProvider', { id, version }, { authenticator }, 'identityProviderId');
    if (changed.kind !== 'done') return changed;
    if (made) await tx.putSecrets({ kind: 'identityProvider', id }, { privateKey: made.privateKey });
    await tx.append([identityProviderChanged(changed.value)]);
    return changed;
  });
}

type Certificates =
  { readonly kind: 'read'; readonly pem: readonly string[] } | { readonly kind: 'invalid'; readonly problems: readonly InputProblem[] };

function readCertificates(given: readonly string[]): Certificates {
  const problems: InputProblem[] = [];
  const pem = new Set<string>();
  given.forEach((text, index) => {
    const certificate = readCertificate(text);
    if (certificate) pem.add(certificate);
    else problems.push({ path: ['saml', 'certificates', String(index)], message: 'This is not an X.509 certificate in PEM form.' });
  });
  return problems.length > 0 ? { kind: 'invalid', problems } : { kind: 'read', pem: [...pem] };
}

/** In one form, whatever else stood around it; metadata of identity providers holds the bare Base64. */
function readCertificate(text: string): string | null {
  const pem = text.includes('-----BEGIN') ? text : `-----BEGIN CERTIFICATE-----\n${text.trim()}\n-----END CERTIFICATE-----\n`;
  try {
    return new X509Certificate(pem).toString();
  } catch {
    return null;
  }
}
