import { decodeReply, encodeForm } from '../../contracts/index.js';
import { paymentState, type SimulatorOptions } from '../../simulator/index.js';
import { type Bench, HEAD, makeBench } from '../support/question.js';

/** Makes a bench that calls the gateway without HTTP, which is many times as fast. Its control API supports `/payments/<id>` only. */
export function makeDirectBench(options: SimulatorOptions = {}): Bench {
  const { simulator } = makeBench(options);
  let questions = 0;
  return {
    simulator,
    ask: async (variables) => {
      const body = encodeForm(Object.entries({ ...HEAD, NUMQUESTION: String(++questions), ...variables }));
      return Object.fromEntries(decodeReply((await simulator.gateway.answer({ body })).body));
    },
    control: async (_, path) => {
      const payment = await simulator.gateway.payment(path.replace('/payments/', ''));
      return payment ? { status: 200, body: paymentState(payment, simulator.clock.now()) } : { status: 404, body: undefined };
    },
  };
}
