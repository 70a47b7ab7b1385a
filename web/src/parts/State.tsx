// State.tsx - how things stand, in a word and a sign; the colour only repeats it.
import type { Permit, Summary, Application, Gate } from '../api/client.ts';
import { useWords } from '../words/words.tsx';
import { Icon, type IconName } from './Icon.tsx';

type Tone = 'wait' | 'good' | 'bad' | 'quiet';
type Look = { icon: IconName; tone: Tone };
type StepState = Application['steps'][number]['state'];

const APPLICATION: Record<Summary['state'], Look> = {
  submitted: { icon: 'wait', tone: 'wait' },
  returned: { icon: 'back', tone: 'bad' },
  approved: { icon: 'ok', tone: 'good' },
  rejected: { icon: 'no', tone: 'bad' },
  withdrawn: { icon: 'gone', tone: 'quiet' },
};
const STEP: Record<StepState, Look> = {
  waiting: { icon: 'wait', tone: 'wait' },
  entered: { icon: 'wait', tone: 'wait' },
  skipped: { icon: 'gone', tone: 'quiet' },
  approved: { icon: 'ok', tone: 'good' },
  rejected: { icon: 'no', tone: 'bad' },
  returned: { icon: 'back', tone: 'bad' },
};
const PERMIT: Record<Permit['state'], Look> = {
  waiting: { icon: 'wait', tone: 'wait' },
  active: { icon: 'gate', tone: 'good' },
  suspended: { icon: 'pause', tone: 'bad' },
  expired: { icon: 'end', tone: 'quiet' },
  revoked: { icon: 'no', tone: 'bad' },
  closed: { icon: 'end', tone: 'quiet' },
};
const GATE: Record<Gate['state'], Look> = {
  waiting: { icon: 'wait', tone: 'wait' },
  enrolled: { icon: 'ok', tone: 'good' },
  revoked: { icon: 'no', tone: 'bad' },
};

type StateProps =
  | { of: 'application'; is: Summary['state'] }
  | { of: 'step'; is: StepState }
  | { of: 'permit'; is: Permit['state'] }
  | { of: 'gate'; is: Gate['state'] };

function lookOf(state: StateProps): Look {
  switch (state.of) {
    case 'application':
      return APPLICATION[state.is];
    case 'step':
      return STEP[state.is];
    case 'permit':
      return PERMIT[state.is];
    case 'gate':
      return GATE[state.is];
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
