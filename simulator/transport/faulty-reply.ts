import { encodeReply, latin1Text } from '../../contracts/index.js';
import type { Fault } from '../engine/fault.js';
import type { Answer } from '../gateway/answer.js';

const GARBAGE = Uint8Array.of(0x16, 0x03, 0x01, 0x00, 0xff, 0xfe, 0x00, 0x0d, 0x0a, 0x80, 0x3d, 0x26, 0x25);

/** The body of a reply with its fault: wrong echo, wrong charset, empty, or not a reply at all. */
export function faultyBody(
  fault: Pick<Fault, 'reply' | 'echo'>,
  answer: Pick<Answer, 'reply' | 'body' | 'isUrlEncoded'>,
): Uint8Array<ArrayBuffer> {
  if (fault.reply === 'empty') return new Uint8Array();
  if (fault.reply === 'garbage') return GARBAGE;
  const echoed = fault.echo ? encodeReply({ ...answer.reply, ...fault.echo }, answer.isUrlEncoded) : answer.body;
  return fault.reply === 'utf-8' ? new TextEncoder().encode(latin1Text(echoed)) : echoed;
}

const TITLES = { 500: 'Internal Server Error', 502: 'Bad Gateway', 503: 'Service Unavailable', 504: 'Gateway Timeout' } as const;

/** The error page of a web server whose back end fails. */
export function errorPage(status: NonNullable<Fault['http']>): Response {
  const title = `${status} ${TITLES[status]}`;
  const page = `<!DOCTYPE html>\n<html><head><title>${title}</title></head><body><h1>${title}</h1></body></html>\n`;
  return new Response(page, {
    status,
    headers: { 'Content-Type': 'text/html; charset=iso-8859-1', 'Content-Length': String(page.length) },
  });
}
