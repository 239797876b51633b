import { type Does, SUCCESS, type VariantName, type Variants } from '../../contracts/index.js';
import { type Answer, type Mutant, madeUpSuccess, type Question, type Reply, type Unbroken } from './broken-gateway.js';

/** Whether a reply is a success. */
export const isSuccess = (reply: Reply): boolean => reply.get('CODEREPONSE') === SUCCESS;

/** Whether the operation of a question is one of these. */
export const doing = (question: Question, ...does: readonly Does[]): boolean =>
  question.operation !== undefined && does.includes(question.operation.does);

/** A mistake in the decision. */
export const decides = (mistake: string, decide: (question: Question, gateway: Unbroken) => Promise<Reply>): Mutant => ({
  mistake,
  answer: async (question, gateway) => ({ reply: await decide(question, gateway) }),
});

/** A mistake in reading the question. */
export const reads = (mistake: string, read: (question: Question) => Question): Mutant =>
  decides(mistake, (question, gateway) => gateway.ask(read(question)));

/** A wrong check before all others: returns its refusal, or the gateway's reply if there is none. */
export const refusesFirst = (mistake: string, refuse: (question: Question, gateway: Unbroken) => Promise<Reply | undefined>): Mutant =>
  decides(mistake, async (question, gateway) => (await refuse(question, gateway)) ?? gateway.ask(question));

/** A mistake in the values of the reply. The returned values replace those of the reply; undefined omits one. */
export const replies = (
  mistake: string,
  change: (reply: Reply, question: Question) => Readonly<Record<string, string | undefined>>,
): Mutant =>
  decides(mistake, async (question, gateway) => {
    const reply = await gateway.ask(question);
    const changed = Object.entries({ ...Object.fromEntries(reply), ...change(reply, question) });
    return new Map(changed.filter((pair): pair is [string, string] => pair[1] !== undefined));
  });

/** A mistake in sending the reply. */
export const writes = (mistake: string, write: (reply: Reply) => Omit<Answer, 'reply'>): Mutant => ({
  mistake,
  answer: async (question, gateway) => {
    const reply = await gateway.ask(question);
    return { reply, ...write(reply) };
  },
});

/** A missing check of the payment's state: refusals with these codes become successes. */
export const forgets = (
  mistake: string,
  does: Does,
  codes: readonly string[],
  applies: (payment: NonNullable<Awaited<ReturnType<Unbroken['payment']>>>) => boolean = () => true,
): Mutant =>
  decides(mistake, async (question, gateway) => {
    const reply = await gateway.ask(question);
    if (!doing(question, does) || question.amount === 0 || !codes.includes(reply.get('CODEREPONSE') ?? '')) return reply;
    const payment = await gateway.payment(question);
    return payment && applies(payment) ? madeUpSuccess(question) : reply;
  });

/** Another value of a variant than the default, where the case depends on the default. */
export const hasVariant = <Name extends VariantName>(mistake: string, name: Name, value: Variants[Name]): Mutant =>
  decides(mistake, async (question, gateway) => {
    const path = `/accounts/${question.get('SITE')}/${Number(question.get('RANG'))}`;
    await gateway.control('PUT', path, { variants: { [name]: value } });
    return gateway.ask(question);
  });
