import type { Child } from 'hono/jsx';
import type { Messages } from './messages/index.js';
import type { PageContext } from './page-context.js';

/** A section of the inspector, an entry of its navigation. */
export type Section = keyof Messages['sections'];

/** A page for the browser, without the layout around it. */
export interface RenderedPage {
  readonly title: string;
  readonly body: Child;
  /** The page updates itself when exchanges after this seq arrive; omitted: it does not. */
  readonly liveAfter?: number;
  /** Default: 200. */
  readonly status?: 200 | 400 | 404 | 503;
}

/** Where the browser goes after a form was submitted. */
export interface Redirect {
  readonly to: string;
}

/** A page does not exist (404) or a form is not valid (400). The message is shown in the language of the user. */
export class PageError extends Error {
  override readonly name = 'PageError';
  readonly status: 400 | 404;

  constructor(status: 400 | 404, message: string) {
    super(message);
    this.status = status;
  }
}

/** A form is not valid. The page is shown again with what was entered, and each problem beside its field. */
export class FormError extends Error {
  override readonly name = 'FormError';
  /** What is wrong, by the name of the field. */
  readonly problems: Readonly<Record<string, string>>;

  constructor(problems: Readonly<Record<string, string>>) {
    super(Object.values(problems).join(' '));
    this.problems = problems;
  }
}

/** One page of the inspector. */
export interface Page {
  /** The path below the inspector; `:name` is a parameter for {@link PageContext.query}. */
  readonly path: string;
  readonly section: Section;
  readonly render: (context: PageContext) => Promise<RenderedPage> | RenderedPage;
  /** Handles a submitted form; omitted: the page has no form. */
  readonly submit?: (context: PageContext) => Promise<Redirect>;
}
