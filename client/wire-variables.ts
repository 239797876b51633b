/** Variables of a question by their names on the wire; one that is undefined is left out. */
export type WireVariables = Readonly<Record<string, string | undefined>>;
