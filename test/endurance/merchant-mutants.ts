import type { ReadyFlowName } from '../../scenarios/explore/ready-flow-names.js';

/** A safe merchant with one mistake. */
export interface MerchantMutant {
  readonly language: 'php' | 'python' | 'ruby';
  readonly mistake: string;
  /** Texts of its file, and what stands there instead. */
  readonly changes: readonly (readonly [from: string, to: string])[];
  /** The flow in which it shows. Default: `pay`. */
  readonly flow?: ReadyFlowName;
}

const PHP_AGAIN: MerchantMutant['changes'] = [
  ['        foreach (ASK_AFTER as $delay) {', '        return line($word, ask($type, $fields));\n        foreach (ASK_AFTER as $delay) {'],
];
const PYTHON_AGAIN: MerchantMutant['changes'] = [
  [
    '    except Lost:\n        for delay in ASK_AFTER:',
    '    except Lost:\n        return line(word, ask(kind, fields))\n        for delay in ASK_AFTER:',
  ],
];
const RUBY_AGAIN: MerchantMutant['changes'] = [
  ['rescue Lost\n  ASK_AFTER.each do |delay|', 'rescue Lost\n  return line(word, ask(type, fields))\n  ASK_AFTER.each do |delay|'],
];

/** Mistakes of real integrations, each put into a merchant that has none. */
export const MERCHANT_MUTANTS: readonly MerchantMutant[] = [
  {
    language: 'php',
    mistake: 'no echo check',
    changes: [["    if (!answers($question, $reply)) throw new Lost('a reply to another question');\n", '']],
  },
  { language: 'php', mistake: 'sends the payment again', changes: PHP_AGAIN },
  { language: 'php', mistake: 'sends the capture again', changes: PHP_AGAIN, flow: 'authorize-capture' },
  { language: 'php', mistake: 'sends the refund again', changes: PHP_AGAIN, flow: 'partial-refund' },
  {
    language: 'php',
    mistake: 'goes to the backup host after a refusal',
    changes: [
      [
        "if (!in_array($reply['CODEREPONSE'], FAILOVER, true)) return $reply;",
        "if (in_array($reply['CODEREPONSE'], [SUCCESS, NOT_FOUND], true)) return $reply;",
      ],
    ],
  },
  {
    language: 'php',
    mistake: 'does not look the order up',
    changes: [['$before = find($order);', "$before = ['CODEREPONSE' => NOT_FOUND];"]],
  },
  {
    language: 'php',
    mistake: 'says refused after an inquiry that failed',
    changes: [
      [
        '            } catch (Lost | NeverOpened) {\n                continue;',
        "            } catch (Lost | NeverOpened) {\n                return 'refused';",
      ],
    ],
  },
  {
    language: 'php',
    mistake: 'does not use what it finds',
    changes: [["return $status === $leaves ? line($word, $before) : 'unknown';", "return 'unknown';"]],
  },
  {
    language: 'php',
    mistake: 'reads the reply as UTF-8',
    changes: [["iconv('ISO-8859-1', 'UTF-8', post($url, $question))", 'post($url, $question)']],
  },
  {
    language: 'php',
    mistake: 'takes a cut connection for a refused one',
    changes: [["throw $opened ? new Lost('time-out or cut') : new NeverOpened();", 'throw new NeverOpened();']],
  },
  {
    language: 'php',
    mistake: 'prints the card',
    changes: [['} catch (Lost) {\n    echo "unknown\\n";', '} catch (Lost) {\n    echo "unknown ", implode(" ", $arguments), "\\n";']],
  },
  {
    language: 'python',
    mistake: 'no echo check',
    changes: [['    if not answers(q, reply):\n        raise Lost("a reply to another question")\n', '']],
  },
  { language: 'python', mistake: 'sends the payment again', changes: PYTHON_AGAIN },
  {
    language: 'python',
    mistake: 'crashes on an unknown code',
    changes: [
      [
        '    code = reply["CODEREPONSE"]',
        '    code = {c: c for c in (*UNAVAILABLE, SUCCESS, NOT_FOUND, "00105", "00151")}[reply["CODEREPONSE"]]',
      ],
    ],
  },
  {
    language: 'python',
    mistake: 'takes a lost reply for a refusal',
    changes: [
      ['        return "unknown"\n\n\ndef take', '        return "refused"\n\n\ndef take'],
      ['ASK_AFTER = [0, 0.5, 1]', 'ASK_AFTER = []'],
    ],
  },
  { language: 'python', mistake: 'does not look the order up', changes: [['before = find(order)', 'before = {"CODEREPONSE": NOT_FOUND}']] },
  {
    language: 'ruby',
    mistake: 'no echo check',
    changes: [["  raise Lost, 'a reply to another question' unless answers?(question, reply)\n", '']],
  },
  {
    language: 'ruby',
    mistake: 'checks the echo of SITE and RANG only',
    changes: [['%w[SITE RANG NUMQUESTION].all?', '%w[SITE RANG].all?']],
  },
  { language: 'ruby', mistake: 'sends the payment again', changes: RUBY_AGAIN },
  { language: 'ruby', mistake: 'sends the refund again', changes: RUBY_AGAIN, flow: 'partial-refund' },
  {
    language: 'ruby',
    mistake: 'goes to the backup host after a refusal',
    changes: [
      [
        "return reply unless FAILOVER.include?(reply['CODEREPONSE'])",
        "return reply if [SUCCESS, NOT_FOUND].include?(reply['CODEREPONSE'])",
      ],
    ],
  },
  {
    language: 'ruby',
    mistake: 'does not look the order up',
    changes: [['before = find(order)', "before = { 'CODEREPONSE' => NOT_FOUND }"]],
  },
];
