import { expect, test } from 'vitest';
import { compareRecordings, readRecording } from '../../scenarios/index.js';

const REQUEST = 'TYPE=00003&NUMQUESTION=0000000001&SITE=1999888&RANG=32';

const recordingOf = (reply: string) => readRecording(JSON.stringify([{ case: 'pays', request: REQUEST, reply }]));

const differencesBetween = (a: string, b: string) =>
  compareRecordings(recordingOf(a), recordingOf(b)).differences.map(({ what, a: left, b: right }) => [what, left, right]);

test.each([
  ['NUMTRANS=0000000012&NUMAPPEL=0000000013', 'NUMTRANS=0000000034&NUMAPPEL=0000000035'],
  ['AUTORISATION=123456', 'AUTORISATION=654321'],
  ['REMISE=12', 'REMISE=34'],
  ['PORTEUR=SLDLrcsLMPC', 'PORTEUR=CMDLpStLLLs'],
  ['SITE=1999888&NUMQUESTION=0000000001', 'SITE=1999888&NUMQUESTION=0000000001'],
])('%s and %s have the same form', (a, b) => {
  expect(differencesBetween(a, b)).toEqual([]);
});

test.each([
  ['NUMTRANS=0000000012', 'NUMTRANS=0000000000', ['NUMTRANS', '10 digits', '10 zeros']],
  ['NUMTRANS=0000000012', 'NUMTRANS=12', ['NUMTRANS', '10 digits', '2 digits']],
  ['AUTORISATION=000000', 'AUTORISATION=123456', ['AUTORISATION', '000000', '6 digits']],
  ['PORTEUR=SLDLrcsLMPC', 'PORTEUR=SLDLrcs', ['PORTEUR', '11 letters', '7 letters']],
  ['CODEREPONSE=00000', 'CODEREPONSE=00001', ['CODEREPONSE', '00000', '00001']],
  ['SITE=1999888', 'SITE=01999888', ['SITE', '(as sent)', '01999888']],
  ['CODEREPONSE=00000', 'CODEREPONSE=00000&REMISE=1', ['REMISE', '(absent)', '1 digits']],
  ['CODEREPONSE=00000&REMISE=1', 'CODEREPONSE=00000', ['REMISE', '1 digits', '(absent)']],
  ['SITE=1999888&RANG=32', 'RANG=32&SITE=1999888', ['(order)', 'SITE RANG', 'RANG SITE']],
])('%s and %s differ', (a, b, difference) => {
  expect(differencesBetween(a, b)).toEqual([difference]);
});
