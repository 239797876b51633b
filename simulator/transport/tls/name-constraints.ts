import { AsnConvert } from '@peculiar/asn1-schema';
import { GeneralName, GeneralSubtree, GeneralSubtrees, id_ce_nameConstraints, NameConstraints } from '@peculiar/asn1-x509';
import type { CertifiedName } from './certificate.js';

/** Object identifier of the extension. RFC 5280, section 4.2.1.10. */
export const NAME_CONSTRAINTS = id_ce_nameConstraints;

const baseOf = ({ type, value }: CertifiedName): Partial<GeneralName> => {
  if (type === 'dns') return { dNSName: value };
  // The address alone, as a network.
  return { iPAddress: `${value}/${value.includes(':') ? 128 : 32}` };
};

const subtreeOf = (name: CertifiedName): GeneralSubtree => new GeneralSubtree({ base: new GeneralName(baseOf(name)) });

/** The extension's value, in DER, of an authority that may sign for these names only. */
export function permitOnly(names: readonly CertifiedName[]): ArrayBuffer {
  return AsnConvert.serialize(new NameConstraints({ permittedSubtrees: new GeneralSubtrees(names.map(subtreeOf)) }));
}

const encoded = (subtree: GeneralSubtree): string => Buffer.from(AsnConvert.serialize(subtree)).toString('hex');

/** Whether an extension's value permits all of these names. */
export function permitsAll(value: ArrayBuffer, names: readonly CertifiedName[]): boolean {
  const permitted = new Set((AsnConvert.parse(value, NameConstraints).permittedSubtrees ?? []).map(encoded));
  return names.every((name) => permitted.has(encoded(subtreeOf(name))));
}
