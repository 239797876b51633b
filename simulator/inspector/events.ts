import type { Context } from 'hono';
import type { Gateways } from '../gateway/gateways.js';
import { TimeSlice } from '../store/time-slice.js';
import { ExchangeFeed } from './exchange-feed.js';
import { parseSeq } from './journal-queries.js';

const HEADERS = { 'Content-Type': 'text/event-stream', 'Cache-Control': 'no-cache', Connection: 'keep-alive' } as const;

/** The feeds that have readers, by the name of their gateway. */
const feedsOf = new WeakMap<Gateways, Map<string, ExchangeFeed>>();

function feedOf(gateways: Gateways, name: string): ExchangeFeed {
  const feeds = feedsOf.get(gateways) ?? new Map<string, ExchangeFeed>();
  feedsOf.set(gateways, feeds);
  const feed = feeds.get(name) ?? new ExchangeFeed(gateways, name, () => feeds.delete(name));
  feeds.set(name, feed);
  return feed;
}

/**
 * Streams the exchanges of a gateway as server-sent events; the id of an event is the seq of its exchange.
 * Starts after the seq in the Last-Event-ID header or in the `after` parameter. Default: only new exchanges.
 */
export async function exchangeEvents(c: Context, gateways: Gateways, name: string): Promise<Response> {
  // A thousand readers that connect at once come one after another.
  await new TimeSlice().giveWay();
  const after = parseSeq(c.req.header('last-event-id')) ?? parseSeq(c.req.query('after'));
  return c.body(await feedOf(gateways, name).add(after), 200, HEADERS);
}
