import { Radio } from '@mantine/core';
import type { JSX } from 'react';
import type { Choice, PreviewDependent, RollbackPreview } from '../../sessions/history-view.ts';
import { useSlice } from '../link/session-context.ts';
import { MaskedText } from '../safety/masked-text.tsx';
import { PreviewPart } from './preview-part.tsx';
import { AuthorDots } from './preview-passages.tsx';
import { choiceForAll, choiceOf, type Choices } from './preview-plan.ts';
import { reasonTexts, strengthText } from './reason-text.ts';
import { ROLLBACK } from './rollback-strings.ts';

const { preview: words } = ROLLBACK;
const CHOICES: readonly Choice[] = ['keep', 'go', 'ask'];
const NAMED = 40;

interface PreviewDependentsProps {
  preview: RollbackPreview;
  choices: Choices;
  onChange: (choices: Choices) => void;
}

/** Passages that build on what goes: why, and what becomes of each. */
export function PreviewDependents({
  preview,
  choices,
  onChange,
}: PreviewDependentsProps): JSX.Element | null {
  const { dependents } = preview;
  const players = useSlice('players');
  // Nobody answers for the narrator, nor for somebody who has left.
  const isAskable = (by: string): boolean => players.some(({ id, isGone }) => id === by && !isGone);
  if (dependents.length === 0) return null;
  return (
    <PreviewPart title={words.dependents(dependents.length)}>
      <p className="note">{words.dependentsHint}</p>
      {dependents.length > 1 && (
        <p className="rollback-all" role="group" aria-label={words.all}>
          <span>{words.all}</span>
          {CHOICES.map((choice) => (
            <button
              key={choice}
              type="button"
              className="link-button"
              onClick={() => onChange(choiceForAll(preview, choice))}
            >
              {words.choices[choice]}
            </button>
          ))}
        </p>
      )}
      <ul className="rollback-list">
        {dependents.map((dependent) => (
          <DependentRow
            key={dependent.passageId}
            dependent={dependent}
            choice={choiceOf(dependent, choices)}
            isAskable={isAskable(dependent.by)}
            onChange={(choice) => onChange({ ...choices, [dependent.passageId]: choice })}
          />
        ))}
      </ul>
    </PreviewPart>
  );
}

interface DependentRowProps {
  dependent: PreviewDependent;
  choice: Choice;
  isAskable: boolean;
  onChange: (choice: Choice) => void;
}

function DependentRow({ dependent, choice: chosen, isAskable, onChange }: DependentRowProps): JSX.Element {
  const { excerpt } = dependent;
  const choice = chosen === 'ask' && !isAskable ? 'keep' : chosen;
  const name = excerpt.length > NAMED ? `${excerpt.slice(0, NAMED - 1)}…` : excerpt;
  return (
    <li className="rollback-passage" data-choice={choice}>
      <p className="rollback-excerpt">
        <MaskedText text={excerpt} />
      </p>
      <p className="rollback-meta">
        <AuthorDots authors={[dependent.by]} />
        <span className="badge">{strengthText(dependent.strength)}</span>
      </p>
      <ul className="rollback-reasons">
        {reasonTexts(dependent).map((text) => (
          <li key={text}>{text}</li>
        ))}
      </ul>
      <Radio.Group
        aria-label={words.choiceOf(name)}
        value={choice}
        onChange={(value) => onChange(CHOICES.find((known) => known === value) ?? 'keep')}
      >
        <div className="rollback-choices">
          {CHOICES.filter((one) => isAskable || one !== 'ask').map((one) => (
            <Radio key={one} size="sm" value={one} label={words.choices[one]} />
          ))}
        </div>
      </Radio.Group>
    </li>
  );
}
