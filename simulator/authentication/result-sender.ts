import { encodeForm, latin1Text } from '../../contracts/index.js';
import type { Authentication } from '../engine/authentication.js';
import type { Gateway } from '../gateway/gateway.js';
import type { CallResult, ShopCall } from '../notifications/call-shop.js';
import { addressOf, answerPairs, type Deliveries, type Delivery } from '../notifications/delivery.js';
import { makeResult, resultAddress, resultForm, resultPairs, type SignedResult } from './signed-result.js';

type FormFields = readonly (readonly [name: string, value: string])[];

// The gateway may have been reset meanwhile, and have given the ID3D to another authentication.
const isSame = (a: Authentication, b: Authentication): boolean =>
  a.account === b.account && a.IdSession === b.IdSession && a.startedAt === b.startedAt && a.endedAt === b.endedAt;

/** Sends the results of authentications: calls the shop's server, and makes what the browser posts. */
export class ResultSender {
  readonly deliveries: Deliveries;

  constructor(deliveries: Deliveries) {
    this.deliveries = deliveries;
  }

  /**
   * Sends the result of an authentication that has just ended to the shop's server. Resolves when the browser may be answered: after the call
   * if the server is to be first, at once otherwise.
   */
  async notify(gateway: Gateway, authentication: Authentication): Promise<void> {
    const { server } = authentication.faults;
    if (authentication.URLHttpDirect === '') return;
    let sent: SignedResult | undefined;
    await this.deliveries.send({
      gateway,
      account: authentication.account,
      order: authentication.order,
      fault: server,
      isWanted: async () => {
        const stored = await gateway.authentication(authentication.ID3D);
        return stored !== undefined && isSame(stored, authentication);
      },
      makeCall: async () => {
        sent = await makeResult(authentication, server, this.deliveries.signer, gateway.clock.now());
        return { url: resultAddress(authentication.URLHttpDirect, sent) };
      },
      record: (call, result) => record(gateway, authentication, sent, call, result),
    });
  }

  /** Sends the result of an authentication when the time of its challenge is over, unless it ended before. */
  async expire(gateway: Gateway, started: Authentication): Promise<void> {
    // Again if the clock was set back at once.
    while (await this.deliveries.reaches(gateway, started.expiresAt)) {
      const authenticator = await gateway.authenticator();
      const continued = await authenticator.continue(started.ID3D).catch(() => undefined);
      if (continued?.hasEnded) await this.notify(gateway, continued.authentication).catch(() => {});
      if (!continued || !isSame(continued.authentication, started)) return;
    }
  }

  /**
   * The fields that the browser posts, after the delay that a rule asks for.
   *
   * @returns undefined: the result is lost
   */
  async browserForm(gateway: Gateway, authentication: Authentication): Promise<FormFields | undefined> {
    const { browser } = authentication.faults;
    if (browser?.lost) return undefined;
    await this.deliveries.waitFor(gateway, browser);
    const result = await makeResult(authentication, browser, this.deliveries.signer, gateway.clock.now());
    const form = resultForm(result);
    const call = { url: authentication.URLRetour, body: latin1Text(encodeForm(form, 'iso-8859-1')) };
    const delivery: Pick<Delivery, 'gateway' | 'account' | 'record'> = {
      gateway,
      account: authentication.account,
      record: (again, answered) => record(gateway, authentication, result, again, answered),
    };
    const times = authentication.URLRetour === '' ? 1 : (browser?.times ?? 1);
    for (let again = 1; again < times; again++) await this.deliveries.call(delivery, call);
    return form;
  }
}

async function record(
  gateway: Gateway,
  authentication: Authentication,
  sent: SignedResult | undefined,
  call: ShopCall,
  result: CallResult,
): Promise<void> {
  const authenticator = await gateway.authenticator();
  await authenticator.record({
    operation: 'result',
    account: authentication.account,
    reference: authentication.IdSession,
    request: [['(address)', addressOf(call)], ...(sent ? resultPairs(sent) : [])],
    reply: answerPairs(result),
    findings: result.problem ? [result.problem] : [],
  });
}
