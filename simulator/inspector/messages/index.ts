import type { Language } from '../language.js';
import { en, type Messages } from './en.js';
import { fr } from './fr.js';
import { withNoBreakSpaces } from './typography.js';

/** The texts of the inspector in each language. */
export const MESSAGES: Record<Language, Messages> = { en, fr: withNoBreakSpaces(fr) };

export type { Messages };
