import type { Language } from '../language.js';
import { en, type Messages } from './en.js';
import { fr } from './fr.js';

/** Everything the inspector says, a table a language. */
export const MESSAGES: Record<Language, Messages> = { en, fr };

export type { Messages };
