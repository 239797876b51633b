import type { Checkout } from '../engine/checkout.js';
import type { Gateway } from '../gateway/gateway.js';
import type { Gateways } from '../gateway/gateways.js';
import type { CallResult } from '../notifications/call-shop.js';
import type { SchemaName } from '../schemas/schemas.js';

/** Refuses connections for a number of milliseconds. Resolves when connections are accepted again. */
export type Outage = (milliseconds: number) => Promise<void>;

/** Sends the last call of a checkout to the shop again. Resolves with what became of it; undefined: there is none. */
export type Resend = (gateway: Gateway, checkout: Checkout) => Promise<CallResult | undefined>;

/** A request to the control API, as its route receives it. */
export interface ControlRequest {
  readonly gateways: Gateways;
  readonly outage: Outage;
  /** Returns the key that verifies what the gateway signs, as PEM. */
  readonly publicKey: () => Promise<string>;
  /** Sends the last call of a checkout of the hosted page again. Undefined: there is none. */
  readonly resend: Resend;
  /** The gateway whose control API was called. */
  readonly gateway: Gateway;
  /** Returns a parameter of the path. */
  param(name: string): string;
  /** Returns a parameter of the query, or undefined if it is missing or empty. */
  query(name: string): string | undefined;
  /** The body, validated against the schema of the route; undefined if the route takes none. */
  readonly body: unknown;
}

interface RouteDescription {
  readonly method: 'get' | 'post' | 'put' | 'delete';
  /** The path below `/_sim`, with parameters as `{name}`. */
  readonly path: string;
  readonly summary: string;
  /** The parameters of the query, each with its description. */
  readonly query?: Readonly<Record<string, string>>;
  /** The schema of the body; omitted: the route takes no body. */
  readonly body?: SchemaName;
  /** Whether the body may be omitted. */
  readonly bodyOptional?: boolean;
  /** Whether the route exists for the main gateway only. */
  readonly mainOnly?: boolean;
}

interface RouteWithResponse extends RouteDescription {
  /** Description of the response body. */
  readonly response: string;
  /** The media type if it is not JSON. */
  readonly mediaType?: string;
  /** Returns what the response has as JSON, or a stream of this JSON; if it is not JSON, the text. */
  readonly run: (request: ControlRequest) => Promise<object | string> | object | string;
}

/** A route that answers 204. */
interface RouteWithoutResponse extends RouteDescription {
  readonly response?: undefined;
  readonly run: (request: ControlRequest) => Promise<void> | void;
}

/** One route of the control API. The OpenAPI document and the table in docs/control-api.md are generated from it. */
export type ControlRoute = RouteWithResponse | RouteWithoutResponse;
