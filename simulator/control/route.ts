import type { Gateway } from '../gateway/gateway.js';
import type { Gateways } from '../gateway/gateways.js';
import type { SchemaName } from '../schemas/schemas.js';

/** Refuses connections for so many milliseconds; kept once they are taken again. */
export type Outage = (milliseconds: number) => Promise<void>;

/** What a route of the control API has to work with. */
export interface ControlRequest {
  readonly gateways: Gateways;
  readonly outage: Outage;
  /** The gateway whose control API was asked. */
  readonly gateway: Gateway;
  /** A part of the path. */
  param(name: string): string;
  /** A parameter of the query; undefined: missing or empty. */
  query(name: string): string | undefined;
  /** The body, held against the route's schema; undefined where the route takes none. */
  readonly body: unknown;
}

/** One route of the control API: what it is called, what it takes, what it does. The OpenAPI document is made from it. */
export interface ControlRoute {
  readonly method: 'get' | 'post' | 'put' | 'delete';
  /** Below `/_sim`, parts as `{name}`. */
  readonly path: string;
  readonly summary: string;
  readonly query?: Readonly<Record<string, string>>;
  readonly body?: SchemaName;
  /** Whether the body may be left out. */
  readonly bodyOptional?: boolean;
  /** Only at the main gateway's control API. */
  readonly mainOnly?: boolean;
  readonly answers: string;
  /** The answer's body; undefined: 204. */
  readonly run: (request: ControlRequest) => Promise<unknown> | unknown;
}
