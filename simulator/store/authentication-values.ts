import type { ValueCheck } from './row-checks.js';
import type { Expected } from './shape.js';

/** `200` and the number that the gateway's sequence gave. */
const PATTERN = /^200\d{10}$/;

/** Whether a value has the form of an ID3D of the gateway. */
export const isID3D: ValueCheck = (value) => typeof value === 'string' && PATTERN.test(value);

export const ID3D: Expected = { isValid: isID3D, description: '200 and ten digits' };
export const ID3D_OR_EMPTY: Expected = { isValid: (value) => value === '' || isID3D(value), description: '200 and ten digits, or empty' };

/** Returns the number of the sequence that is in an ID3D, ten digits. */
export const numberInID3D = (id3d: string): string => id3d.slice(3);
