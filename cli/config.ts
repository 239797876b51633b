import { dirname, resolve } from 'node:path';
import type { Problem } from '../contracts/validate.js';
import { readUtf8 } from '../scenarios/read-utf8.js';
import { readYaml, YamlError, type YamlSource } from '../scenarios/yaml-source.js';
import { ruleProblems } from '../simulator/gateway/configuration/rule-problems.js';
import type { SimulatorOptions } from '../simulator/index.js';
import { problemIn } from '../simulator/inspector/translate-problem.js';
import { validate } from '../simulator/schemas/validate.js';
import { currentLanguage, messages } from './messages/index.js';
import { UserError } from './user-error.js';

/** The content of a configuration file: options of the simulator, and where to listen. */
export interface Config
  extends Pick<
    SimulatorOptions,
    'db' | 'deployment' | 'clock' | 'control' | 'controlHosts' | 'journal' | 'accounts' | 'rules' | 'payments'
  > {
  readonly port?: number;
  readonly host?: string;
  readonly https?: boolean;
  readonly proxy?: boolean;
  /** The file of the private key that signs results. In a configuration file it is relative to that file. */
  readonly signingKey?: string;
}

function readConfigText(file: string): string {
  try {
    return readUtf8(file);
  } catch (cause) {
    if (cause instanceof YamlError) throw cause;
    throw new UserError(messages().start.noConfig(file, (cause as Error).message), { cause });
  }
}

function readConfigSource(file: string): YamlSource {
  try {
    return readYaml(readConfigText(file));
  } catch (error) {
    if (!(error instanceof YamlError)) throw error;
    const { line, column } = error.position;
    throw new UserError(`${file}:${line}:${column}: ${problemIn(currentLanguage(), error.message)}`, { cause: error });
  }
}

async function rulesProblems({ rules = [] }: Config): Promise<Problem[]> {
  return (await ruleProblems(rules)).map(({ path, message }) => ({ path: ['rules', ...path], message }));
}

const withSigningKey = (config: Config, file: string): Config =>
  config.signingKey === undefined ? config : { ...config, signingKey: resolve(dirname(file), config.signingKey) };

/**
 * Reads a configuration file in YAML or JSON.
 *
 * @throws UserError listing every problem with file, line and column
 */
export async function readConfig(file: string): Promise<Config> {
  const source = readConfigSource(file);
  const config = (source.value ?? {}) as Config;
  const problems = await validate('config', config);
  // Rules that do not match the schema cannot be checked further.
  if (problems.length === 0) problems.push(...(await rulesProblems(config)));
  if (problems.length === 0) return withSigningKey(config, file);
  const lines = problems.map(({ path, message }) => {
    const { line, column } = source.positionOf(path);
    return `${file}:${line}:${column}: ${path.join('.') || messages().start.wholeFile}${messages().colon}${problemIn(currentLanguage(), message)}`;
  });
  throw new UserError(lines.join('\n'));
}
