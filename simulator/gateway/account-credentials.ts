import type { Credentials } from '../../contracts/index.js';
import type { Account } from '../engine/account.js';

/** What to authenticate a question of an account with: its CLE if it has one and accepts it, otherwise its HMAC key. */
export const credentialsOf = ({ auth, CLE, hmacKey }: Pick<Account, 'auth' | 'CLE' | 'hmacKey'>): Credentials =>
  auth !== 'hmac' && CLE !== '' ? { cle: CLE } : { hmacKey };
