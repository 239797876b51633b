/**
 * Names that sort before this one are those of retired gateways: no longer used, because they were deleted or reset, with rows that are still
 * to be deleted. No other gateway has such a name: it starts with a letter or a digit.
 */
export const FIRST_NAME = '0';

/** SQL for the name that a gateway gets when it is retired. */
export const RETIRED_NAME = "'/' || id";
