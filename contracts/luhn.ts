const ZERO = 0x30;

/** The Luhn sum of a number. `isComplete`: the last digit is the check digit; otherwise the check digit is still missing. */
function luhnSum(digits: string, isComplete: boolean): number {
  let sum = 0;
  for (let i = 0; i < digits.length; i++) {
    const digit = digits.charCodeAt(digits.length - 1 - i) - ZERO;
    const isDoubled = (i % 2 === 1) === isComplete;
    sum += isDoubled ? digit * 2 - (digit > 4 ? 9 : 0) : digit;
  }
  return sum;
}

/** Computes the Luhn check digit of a number that does not have one yet. */
export function luhnDigit(body: string): string {
  return String((10 - (luhnSum(body, false) % 10)) % 10);
}

/** Whether a text is at least two digits and nothing else, and the last one is the Luhn check digit of the others. */
export function isLuhn(number: string): boolean {
  return /^\d{2,}$/.test(number) && luhnSum(number, true) % 10 === 0;
}
