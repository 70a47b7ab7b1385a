// words.ts - closed lists of the API.
export const SEVERITIES = ['low', 'middle', 'high'] as const;
export const LEAKS = ['none', 'possible', 'certain'] as const;
export const LOG_KINDS = ['seen', 'done', 'told', 'decided'] as const;
