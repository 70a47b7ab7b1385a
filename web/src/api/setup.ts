// setup.ts - the questions to begin with, and a draft of rules from their answers.
import { get, post } from './client.ts';
import type { components } from '../generated/api.ts';

type Schemas = components['schemas'];
export type Setup = Schemas['Setup'];
export type Question = Setup['questions'][number];

export const getSetup = () => get<Setup>('/setup');
export const postSetup = (answers: Record<string, string>) => post<Schemas['RuleSaved']>('/setup', { answers });
