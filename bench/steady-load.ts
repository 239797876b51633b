import { Agent, request } from 'node:http';
import { parentPort, workerData } from 'node:worker_threads';
import { paymentBody } from './question.js';

/** What the worker is started with. */
export interface SteadyLoadData {
  readonly port: number;
  /** Payments per second. */
  readonly rate: number;
  /** Number of the first payment. */
  readonly first: number;
}

/** One payment. Milliseconds, on the clock of the machine. */
export interface TimedPayment {
  /** When it was due. */
  readonly due: number;
  /** From then until its reply. */
  readonly latency: number;
}

const { port, rate, first } = workerData as SteadyLoadData;
const agent = new Agent({ keepAlive: true, maxSockets: 16 });
const now = (): number => performance.timeOrigin + performance.now();
const HEADERS = { 'Content-Type': 'application/x-www-form-urlencoded' };

let done: TimedPayment[] = [];
let next = first;
let dueCount = 0;
let open = 0;

function fail(reason: string): void {
  throw new Error(`A payment failed: ${reason}`);
}

function pay(due: number): void {
  const body = paymentBody(next++);
  open++;
  const headers = { ...HEADERS, 'Content-Length': body.length };
  const sending = request({ host: '127.0.0.1', port, agent, method: 'POST', path: '/PPPS.php', headers }, (response) => {
    let text = '';
    response.on('data', (chunk) => {
      text += String(chunk);
    });
    response.on('end', () => {
      open--;
      if (!text.includes('CODEREPONSE=00000')) fail(text);
      done.push({ due, latency: now() - due });
    });
  });
  sending.on('error', (error) => {
    open--;
    // The server closed a connection that was idle for too long.
    if (sending.reusedSocket) pay(due);
    else fail(error.message);
  });
  sending.end(body);
}

// The time counts from the instant a payment was due, so that a stall delays all payments that were due during it.
const began = now();
setInterval(() => {
  for (; began + (dueCount * 1000) / rate <= now(); dueCount++) pay(began + (dueCount * 1000) / rate);
}, 2);

/** Answers with the payments since the last answer, at an instant when none waits for its reply. */
function answer(): void {
  if (open > 0) {
    setTimeout(answer, 1);
    return;
  }
  parentPort?.postMessage(done);
  done = [];
}

parentPort?.on('message', answer);
