// failure.ts - what the server refused, as problems of a form.
import type { Failure } from '../api/client.ts';
import type { Words } from '../words/words.tsx';
import type { Problem } from './ErrorSummary.tsx';

/** The refusal goes to the field that it names when the form has that field, else to the form as a whole. */
export function problemOf(error: Failure, fields: readonly string[], words: Words): Problem {
  const field = error.field && fields.includes(error.field) ? error.field : null;
  return { field, text: words.tKey(error.key, error.args) };
}
