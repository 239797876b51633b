import { expect, test } from 'vitest';
import { encodeForm } from '../../contracts/index.js';
import { Gateway } from '../../simulator/gateway/gateway.js';
import { StoreError } from '../../simulator/index.js';
import { openStorage } from '../../simulator/store/open-storage.js';
import { HEAD } from '../support/question.js';
import { PAY } from './storages.js';

/** Makes a gateway whose n-th transactions fail as given, before or after they are written. */
function gatewayWith(failures: Readonly<Record<number, { readonly error: StoreError; readonly isWritten: boolean }>>) {
  const store = openStorage(undefined).open('main');
  const { transact } = store;
  let transactions = 0;
  store.transact = async (lookup, decide) => {
    const failure = failures[++transactions];
    if (failure && !failure.isWritten) throw failure.error;
    const result = await transact.call(store, lookup, decide as never);
    if (failure) throw failure.error;
    return result as never;
  };
  const gateway = new Gateway('main', store, {});
  const answer = () => gateway.answer({ body: encodeForm(Object.entries({ ...HEAD, ...PAY, NUMQUESTION: '1' })) });
  return { gateway, answer };
}

const UNKNOWN = new StoreError('The connection was lost.', { mayBeWritten: true });
const NOT_WRITTEN = new StoreError('The disk is full.');

test('a question of which nothing was written is answered 00003', async () => {
  const { gateway, answer } = gatewayWith({ 1: { error: NOT_WRITTEN, isWritten: false } });
  const { reply, fault, failure } = await answer();
  expect([reply.CODEREPONSE, fault, failure]).toEqual(['00003', undefined, NOT_WRITTEN.message]);
  expect(await gateway.payments()).toEqual([]);
});

test.each([true, false])('a question that may have been written (%s) gets no reply', async (isWritten) => {
  const { gateway, answer } = gatewayWith({ 1: { error: UNKNOWN, isWritten } });
  const { reply, fault, failure } = await answer();
  expect([reply, fault?.reply, failure]).toEqual([{}, 'drop', UNKNOWN.message]);
  expect(await gateway.payments()).toHaveLength(isWritten ? 1 : 0);
});

test('a question that was written, and failed when a fault processed it a second time, gets no reply', async () => {
  const { gateway, answer } = gatewayWith({ 2: { error: NOT_WRITTEN, isWritten: false } });
  gateway.rules.add({ fault: { processed: 'twice' } });
  const { reply, fault } = await answer();
  expect([reply, fault?.reply]).toEqual([{}, 'drop']);
  expect(await gateway.payments()).toHaveLength(1);
});
