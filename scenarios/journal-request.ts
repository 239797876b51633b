/** A request in the gateway's journal. */
export interface JournalRequest {
  readonly seq: number;
  readonly TYPE: string;
  readonly operation: string;
  readonly CODEREPONSE: string;
  readonly request: readonly (readonly [name: string, value: string])[];
  readonly findings: readonly { readonly rule: string }[];
}
