// years.mjs - stories in which years pass: the clock of the house (E2E_CLOCK, src/sys/clock.h) is put forward, and days are written as it counts them.
import { readFileSync, renameSync, writeFileSync } from 'node:fs';

const read = (name) => JSON.parse(readFileSync(new URL(`../lib/${name}.json`, import.meta.url), 'utf8'));
/** The sample case of an external service, and what comes after its approval. */
export const use = read('service_use');
export const after = read('service_forms');
export const NAME = use.forms['service-use'].service_name;

const DAY_MS = 86_400_000;
let ahead = 0; // days that the clock was put forward

/** A day in Japan, by the clock of the house. */
export const today = (plus = 0) => new Date(Date.now() + 9 * 3_600_000 + (ahead + plus) * DAY_MS).toISOString().slice(0, 10);

/** Days pass; whoever was signed in has to sign in again. */
export function later(days) {
  const file = process.env.E2E_CLOCK;
  if (!file) throw new Error('E2E_CLOCK names no clock; see tests/e2e/run.py');
  ahead += days;
  writeFileSync(`${file}.new`, `@${new Date(Date.now() + ahead * DAY_MS).toISOString()}`);
  renameSync(`${file}.new`, file);
}

const dated = (value) =>
  Array.isArray(value)
    ? value.map((row) => Object.fromEntries(Object.entries(row).map(([k, v]) => [k, dated(v)])))
    : value.replace(/^@today([+-]\d+)?$/, (_, days) => today(Number(days ?? 0)));

/** Valid answers of a form after the approval, some of them others. */
export const answersOf = (form, instead = {}) => ({ ...dated([after.forms[form]])[0], ...instead });
