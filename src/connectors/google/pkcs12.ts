/** The private key of a PKCS#12 file in base64, as PEM; null where the file or the password is not right. Node cannot read such files. */
export async function privateKeyOf(base64: string, password: string): Promise<string | null> {
  // Few need it: it is loaded when somebody does.
  const { default: forge } = await import('node-forge');
  try {
    const file = forge.asn1.fromDer(forge.util.decode64(base64.replace(/\s+/g, '')));
    const { safeContents } = forge.pkcs12.pkcs12FromAsn1(file, password);
    const key = safeContents.flatMap(({ safeBags }) => safeBags).find((bag) => bag.key)?.key;
    return key ? forge.pki.privateKeyToPem(key) : null;
  } catch {
    // The package has no types of error, and its messages are about bytes: all that anybody can do is to look at file and password.
    return null;
  }
}
