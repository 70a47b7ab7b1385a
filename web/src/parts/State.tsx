// State.tsx - how things stand, in a word and a sign; the colour only repeats it.
import type { Reset } from '../api/account.ts';
import type { Peer, SheetLine } from '../api/asheets.ts';
import type { Erasure, Rotation, Witness } from '../api/custody.ts';
import type { EvidencePack } from '../api/evidence.ts';
import type { Appointment } from '../api/people.ts';
import type { Application, Duty, Gate, Judgement, Permit, ServiceLine, Summary } from '../api/client.ts';
import type { Alert, Finding, Incident } from '../api/incidents.ts';
import type { Draft } from '../api/rules.ts';
import type { Check, CoveredClause } from '../api/oversight.ts';
import type { MayLine } from '../api/home.ts';
import { useWords } from '../words/words.tsx';
import { Icon, type IconName } from './Icon.tsx';

type Tone = 'wait' | 'good' | 'bad' | 'quiet';
type Look = { icon: IconName; tone: Tone };
type StepState = Application['steps'][number]['state'] | 'active' | 'judged' | 'agreed' | 'confirmed';
type Result = Judgement['result'];
type IncidentState = Incident['state'];
type Severity = Incident['severity'];
type AlertState = Alert['state'];
type FindingState = Finding['state'];

const APPLICATION: Record<Summary['state'], Look> = {
  submitted: { icon: 'wait', tone: 'wait' },
  returned: { icon: 'back', tone: 'bad' },
  approved: { icon: 'ok', tone: 'good' },
  rejected: { icon: 'no', tone: 'bad' },
  withdrawn: { icon: 'gone', tone: 'quiet' },
};
const STEP: Record<StepState, Look> = {
  waiting: { icon: 'gone', tone: 'quiet' },
  entered: { icon: 'wait', tone: 'wait' },
  skipped: { icon: 'gone', tone: 'quiet' },
  approved: { icon: 'ok', tone: 'good' },
  judged: { icon: 'ok', tone: 'good' },
  agreed: { icon: 'ok', tone: 'good' },
  confirmed: { icon: 'ok', tone: 'good' },
  rejected: { icon: 'no', tone: 'bad' },
  returned: { icon: 'back', tone: 'bad' },
  active: { icon: 'wait', tone: 'wait' },
};
const CRITERION: Record<Result | 'open', Look> = {
  open: { icon: 'wait', tone: 'wait' },
  met: { icon: 'ok', tone: 'good' },
  substitute: { icon: 'ok', tone: 'good' },
  exception: { icon: 'warn', tone: 'wait' },
  'not-applicable': { icon: 'gone', tone: 'quiet' },
  unmet: { icon: 'no', tone: 'bad' },
};
const SERVICE: Record<ServiceLine['state'], Look> = {
  approved: { icon: 'ok', tone: 'good' },
  transitional: { icon: 'wait', tone: 'wait' },
  suspended: { icon: 'pause', tone: 'bad' },
  closed: { icon: 'end', tone: 'quiet' },
};
const SHEET: Record<'filled' | 'empty', Look> = {
  filled: { icon: 'ok', tone: 'good' },
  empty: { icon: 'wait', tone: 'wait' },
};
const EXCEPTION: Record<'active' | 'expired', Look> = {
  active: { icon: 'ok', tone: 'good' },
  expired: { icon: 'end', tone: 'bad' },
};
const USE: Record<'active' | 'ended', Look> = {
  active: { icon: 'ok', tone: 'good' },
  ended: { icon: 'end', tone: 'quiet' },
};
const DUTY: Record<Duty['state'] | 'overdue', Look> = {
  open: { icon: 'wait', tone: 'wait' },
  overdue: { icon: 'warn', tone: 'bad' },
  closed: { icon: 'ok', tone: 'good' },
};
const PERMIT: Record<Permit['state'], Look> = {
  waiting: { icon: 'wait', tone: 'wait' },
  active: { icon: 'gate', tone: 'good' },
  suspended: { icon: 'pause', tone: 'bad' },
  expired: { icon: 'end', tone: 'quiet' },
  revoked: { icon: 'no', tone: 'bad' },
  closed: { icon: 'end', tone: 'quiet' },
};
const INCIDENT: Record<IncidentState, Look> = {
  open: { icon: 'warn', tone: 'bad' },
  contained: { icon: 'pause', tone: 'wait' },
  concluded: { icon: 'wait', tone: 'wait' },
  closed: { icon: 'ok', tone: 'quiet' },
};
const SEVERITY: Record<Severity, Look> = {
  low: { icon: 'gone', tone: 'quiet' },
  middle: { icon: 'warn', tone: 'wait' },
  high: { icon: 'warn', tone: 'bad' },
};
const ALERT: Record<AlertState, Look> = {
  sent: { icon: 'wait', tone: 'wait' },
  acknowledged: { icon: 'ok', tone: 'good' },
  escalated: { icon: 'warn', tone: 'bad' },
};
const FINDING: Record<FindingState, Look> = {
  open: { icon: 'warn', tone: 'bad' },
  incident: { icon: 'wait', tone: 'wait' },
  closed: { icon: 'ok', tone: 'quiet' },
};
const RULES: Record<Draft['state'], Look> = {
  draft: { icon: 'gone', tone: 'quiet' },
  proposed: { icon: 'wait', tone: 'wait' },
  returned: { icon: 'back', tone: 'bad' },
  adopted: { icon: 'ok', tone: 'good' },
  dropped: { icon: 'gone', tone: 'quiet' },
};
const MAY: Record<MayLine['answer'], Look> = {
  yes: { icon: 'ok', tone: 'good' },
  add: { icon: 'plus', tone: 'wait' },
  apply: { icon: 'wait', tone: 'wait' },
  no: { icon: 'no', tone: 'bad' },
};
const HOW: Record<CoveredClause['how'], Look> = {
  enforced: { icon: 'gate', tone: 'good' },
  detected: { icon: 'warn', tone: 'good' },
  recorded: { icon: 'ok', tone: 'good' },
  text: { icon: 'gone', tone: 'quiet' },
  planned: { icon: 'wait', tone: 'wait' },
  nothing: { icon: 'no', tone: 'bad' },
};
const CHECK: Record<Check['state'], Look> = {
  ok: { icon: 'ok', tone: 'good' },
  attention: { icon: 'warn', tone: 'wait' },
  bad: { icon: 'no', tone: 'bad' },
  unknown: { icon: 'gone', tone: 'quiet' },
};
const PROOF: Record<'proven' | 'unproven', Look> = {
  proven: { icon: 'ok', tone: 'good' },
  unproven: { icon: 'gone', tone: 'quiet' },
};
const TOPIC: Record<'todo' | 'begun' | 'done', Look> = {
  todo: { icon: 'gone', tone: 'quiet' },
  begun: { icon: 'wait', tone: 'wait' },
  done: { icon: 'ok', tone: 'good' },
};
const GATE: Record<Gate['state'], Look> = {
  waiting: { icon: 'wait', tone: 'wait' },
  enrolled: { icon: 'ok', tone: 'good' },
  revoked: { icon: 'no', tone: 'bad' },
};
const ASHEET: Record<SheetLine['state'], Look> = {
  current: { icon: 'ok', tone: 'good' },
  replaced: { icon: 'end', tone: 'quiet' },
};
const PEER: Record<Peer['state'], Look> = {
  trusted: { icon: 'ok', tone: 'good' },
  ended: { icon: 'end', tone: 'quiet' },
};
const RESET: Record<Reset['state'], Look> = {
  asked: { icon: 'wait', tone: 'wait' },
  late: { icon: 'end', tone: 'quiet' },
  confirmed: { icon: 'ok', tone: 'good' },
  ended: { icon: 'gone', tone: 'quiet' },
};

const APPOINTMENT: Record<Appointment['state'], Look> = {
  asked: { icon: 'wait', tone: 'wait' },
  coming: { icon: 'wait', tone: 'wait' },
  active: { icon: 'ok', tone: 'good' },
  ended: { icon: 'end', tone: 'quiet' },
  refused: { icon: 'no', tone: 'quiet' },
  lapsed: { icon: 'gone', tone: 'quiet' },
};

const WITNESS: Record<Witness['state'], Look> = {
  active: { icon: 'ok', tone: 'good' },
  ended: { icon: 'end', tone: 'quiet' },
};
const ROTATION: Record<Rotation['state'], Look> = {
  asked: { icon: 'wait', tone: 'wait' },
  late: { icon: 'end', tone: 'quiet' },
  confirmed: { icon: 'wait', tone: 'wait' },
  done: { icon: 'ok', tone: 'good' },
  ended: { icon: 'gone', tone: 'quiet' },
};
const ERASURE: Record<Erasure['units'][number]['state'], Look> = {
  asked: { icon: 'wait', tone: 'wait' },
  confirmed: { icon: 'wait', tone: 'wait' },
  erased: { icon: 'end', tone: 'quiet' },
  refused: { icon: 'no', tone: 'quiet' },
};
const PACK: Record<EvidencePack['state'], Look> = {
  waiting: { icon: 'wait', tone: 'wait' },
  making: { icon: 'wait', tone: 'wait' },
  done: { icon: 'ok', tone: 'good' },
  failed: { icon: 'no', tone: 'bad' },
};

type StateProps =
  | { of: 'application'; is: Summary['state'] }
  | { of: 'step'; is: StepState }
  | { of: 'permit'; is: Permit['state'] }
  | { of: 'criterion'; is: Result | 'open' }
  | { of: 'service'; is: ServiceLine['state'] }
  | { of: 'duty'; is: Duty['state'] | 'overdue' }
  | { of: 'sheet'; is: 'filled' | 'empty' }
  | { of: 'exception'; is: 'active' | 'expired' }
  | { of: 'use'; is: 'active' | 'ended' }
  | { of: 'incident'; is: IncidentState }
  | { of: 'severity'; is: Severity }
  | { of: 'alert'; is: AlertState }
  | { of: 'finding'; is: FindingState }
  | { of: 'rules'; is: Draft['state'] }
  | { of: 'may'; is: MayLine['answer'] }
  | { of: 'how'; is: CoveredClause['how'] }
  | { of: 'check'; is: Check['state'] }
  | { of: 'proof'; is: 'proven' | 'unproven' }
  | { of: 'topic'; is: 'todo' | 'begun' | 'done' }
  | { of: 'gate'; is: Gate['state'] }
  | { of: 'reset'; is: Reset['state'] }
  | { of: 'asheet'; is: SheetLine['state'] }
  | { of: 'peer'; is: Peer['state'] }
  | { of: 'pack'; is: EvidencePack['state'] }
  | { of: 'witness'; is: Witness['state'] }
  | { of: 'rotation'; is: Rotation['state'] }
  | { of: 'erasure'; is: Erasure['units'][number]['state'] }
  | { of: 'appointment'; is: Appointment['state'] };

function lookOf(state: StateProps): Look {
  switch (state.of) {
    case 'pack':
      return PACK[state.is];
    case 'witness':
      return WITNESS[state.is];
    case 'rotation':
      return ROTATION[state.is];
    case 'erasure':
      return ERASURE[state.is];
    case 'application':
      return APPLICATION[state.is];
    case 'step':
      return STEP[state.is];
    case 'permit':
      return PERMIT[state.is];
    case 'criterion':
      return CRITERION[state.is];
    case 'service':
      return SERVICE[state.is];
    case 'duty':
      return DUTY[state.is];
    case 'sheet':
      return SHEET[state.is];
    case 'exception':
      return EXCEPTION[state.is];
    case 'use':
      return USE[state.is];
    case 'incident':
      return INCIDENT[state.is];
    case 'severity':
      return SEVERITY[state.is];
    case 'alert':
      return ALERT[state.is];
    case 'finding':
      return FINDING[state.is];
    case 'rules':
      return RULES[state.is];
    case 'may':
      return MAY[state.is];
    case 'how':
      return HOW[state.is];
    case 'check':
      return CHECK[state.is];
    case 'proof':
      return PROOF[state.is];
    case 'topic':
      return TOPIC[state.is];
    case 'gate':
      return GATE[state.is];
    case 'reset':
      return RESET[state.is];
    case 'asheet':
      return ASHEET[state.is];
    case 'peer':
      return PEER[state.is];
    case 'appointment':
      return APPOINTMENT[state.is];
  }
}

export function State(state: StateProps) {
  const { tOf } = useWords();
  const look = lookOf(state);
  return (
    <span className={`state ${look.tone}`}>
      <Icon name={look.icon} />
      {tOf(`state.${state.of}`, state.is)}
    </span>
  );
}
