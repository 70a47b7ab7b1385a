// oversight.ts - for whoever watches over the house: how the guideline's clauses are covered.
import { get } from './client.ts';
import type { components } from '../generated/api.ts';

type Schemas = components['schemas'];
export type Coverage = Schemas['Coverage'];
export type CoveredClause = Schemas['CoveredClause'];
export type Mechanism = Schemas['Mechanism'];
export type LastEvidence = Schemas['LastEvidence'];

export const getCoverage = () => get<Coverage>('/pack/coverage');
