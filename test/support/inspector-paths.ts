/** The pages of the inspector, below `/_sim/`. Some need payment 0001000001 and exchange 1. */
export const INSPECTOR_PATHS = [
  '',
  'ui/payments',
  'ui/payments/0001000001',
  'ui/authentications',
  'ui/exchanges/1',
  'ui/findings',
  'ui/subscribers',
  'ui/accounts',
  'ui/clock',
  'ui/rules',
  'ui/try',
  'ui/sessions',
  'ui/protocol',
];
