import { Ajv2020 } from 'ajv/dist/2020.js';
import { expect, test } from 'vitest';
import { SCENARIO_SCHEMA, STEP_SCHEMAS } from '../../scenarios/schema.js';

test.each(Object.entries({ scenario: SCENARIO_SCHEMA, ...STEP_SCHEMAS }))('the schema of %s is a valid JSON Schema', (_, schema) => {
  const ajv = new Ajv2020({ strict: false });
  expect(ajv.validateSchema(schema), ajv.errorsText()).toBe(true);
});
