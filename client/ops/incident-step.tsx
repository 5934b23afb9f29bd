import { Button, Textarea } from '@mantine/core';
import { useState, type JSX, type ReactNode } from 'react';
import type { OpsIncident } from '../../sessions/ops-view.ts';
import { clockTime } from '../common/clock-time.ts';
import { INCIDENTS as words } from './incidents-strings.ts';
import { askOps } from './ops-api.ts';
import { OPS } from './ops-strings.ts';
import { StateMark } from './parts.tsx';

const NOTE_LENGTH = 10_000;

interface StepProps {
  incident: OpsIncident;
  step: OpsIncident['steps'][number];
  /** The first one that is not done: its form is open. */
  isNext: boolean;
  onChanged: () => void;
}

/** A step of an incident: what it is about, and what was done. */
export function IncidentStepView({ incident, step, isNext, onChanged }: StepProps): JSX.Element {
  const name = OPS.steps[step.step];
  const isDone = step.doneAt !== null;
  const isOpen = incident.closedAt === null;
  const form = <StepForm incident={incident} step={step} onChanged={onChanged} />;
  return (
    <li aria-current={isNext ? 'step' : undefined}>
      <div className="ops-card-head">
        <h4>{name}</h4>
        <StateMark
          state={isDone ? 'green' : 'insufficient'}
          word={step.doneAt === null ? words.toDo : words.done(clockTime(step.doneAt))}
        />
      </div>
      <p className="note">{step.guide}</p>
      {isDone && step.note !== '' && <p className="ops-note">{step.note}</p>}
      {isOpen && !isDone && (isNext ? form : <Later name={name}>{form}</Later>)}
    </li>
  );
}

/** The form of a step whose turn has not come. */
function Later({ name, children }: { name: string; children: ReactNode }): JSX.Element {
  return (
    <details>
      <summary>
        {words.early}
        <span className="visually-hidden">: {name}</span>
      </summary>
      {children}
    </details>
  );
}

function StepForm({ incident, step, onChanged }: Omit<StepProps, 'isNext'>): JSX.Element {
  const [note, setNote] = useState(step.note);
  const [problem, setProblem] = useState('');
  const mark = async (): Promise<void> => {
    if (note.trim() === '') return setProblem(words.noNote);
    const answer = await askOps(`/incidents/${incident.id}/steps/${step.step}`, {
      method: 'PATCH',
      body: { note: note.trim() },
    });
    setProblem(answer.ok ? '' : answer.message);
    if (answer.ok) onChanged();
  };
  const draft = async (): Promise<void> => {
    const shape = { postmortem: 'text' } as const;
    const answer = await askOps<{ postmortem: string }>(`/incidents/${incident.id}`, { shape });
    setProblem(answer.ok ? '' : answer.message);
    if (answer.ok) setNote(answer.value.postmortem.slice(0, NOTE_LENGTH));
  };
  return (
    <form
      className="stack"
      onSubmit={(event) => {
        event.preventDefault();
        void mark();
      }}
    >
      <Textarea
        label={words.note}
        aria-label={words.noteOf(OPS.steps[step.step])}
        name={`note-${step.step}`}
        rows={step.step === 'postmortem' ? 8 : 2}
        maxLength={NOTE_LENGTH}
        value={note}
        error={problem === '' ? undefined : problem}
        errorProps={{ role: 'alert' }}
        onChange={(event) => setNote(event.currentTarget.value)}
      />
      <div className="ops-tools">
        <Button type="submit" size="xs" aria-label={`${words.mark}: ${OPS.steps[step.step]}`}>
          {words.mark}
        </Button>
        {step.step === 'postmortem' && note === '' && (
          <Button size="xs" variant="subtle" onClick={() => void draft()}>
            {words.draft}
          </Button>
        )}
      </div>
    </form>
  );
}
