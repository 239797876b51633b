/** The protocol sheet in this package. */
export const PROTOCOL_SHEET = 'docs/protocol.md';

/** The link to a section of the protocol sheet: `docs/protocol.md#section-3` for `§3`. */
export const sheetLink = (section: string): string => section.replace('§', `${PROTOCOL_SHEET}#section-`);
