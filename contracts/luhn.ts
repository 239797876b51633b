const ZERO = 0x30;

/** The Luhn sum of digits, the last of which is a check digit, or were one behind them. */
function luhnSum(digits: string, isComplete: boolean): number {
  let sum = 0;
  for (let i = 0; i < digits.length; i++) {
    const digit = digits.charCodeAt(digits.length - 1 - i) - ZERO;
    const isDoubled = (i % 2 === 1) === isComplete;
    sum += isDoubled ? digit * 2 - (digit > 4 ? 9 : 0) : digit;
  }
  return sum;
}

/** The Luhn check digit that completes a number. */
export function luhnDigit(body: string): string {
  return String((10 - (luhnSum(body, false) % 10)) % 10);
}

/** Whether a string of digits ends in its Luhn check digit. */
export function isLuhn(number: string): boolean {
  return /^\d{2,}$/.test(number) && luhnSum(number, true) % 10 === 0;
}
