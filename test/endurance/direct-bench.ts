import { decodeReply, encodeForm } from '../../contracts/index.js';
import { paymentState, type SimulatorOptions } from '../../simulator/index.js';
import { HEAD } from '../support/question.js';
import { openTestSimulator, type TestSimulator } from '../support/test-simulator.js';

/** Makes a bench that calls the gateway without HTTP, which is many times as fast. Its control API supports `/payments/<id>` only. */
export function makeDirectBench(options: SimulatorOptions = {}): TestSimulator {
  const { simulator } = openTestSimulator(options);
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
