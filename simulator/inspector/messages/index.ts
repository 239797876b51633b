import type { Language } from '../../pages/language.js';
import { withNoBreakSpaces } from '../../pages/typography.js';
import { en, type Messages } from './en.js';
import { fr } from './fr.js';

/** The texts of the inspector in each language. */
export const MESSAGES: Record<Language, Messages> = { en, fr: withNoBreakSpaces(fr) };

export type { Messages };
