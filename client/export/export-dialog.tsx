import { Button, NativeSelect } from '@mantine/core';
import { useState, type JSX } from 'react';
import { branchName } from '../branches/branch-name.ts';
import { useStore } from '../common/store.ts';
import { httpApi, type ExportFormat } from '../link/http-api.ts';
import { useTable } from '../link/session-context.ts';
import { EXPORT } from './export-strings.ts';

const FORMATS: readonly ExportFormat[] = ['md', 'epub', 'docx', 'json'];

/** Takes the story away as a file: which branch, and as what. */
export function ExportDialog(): JSX.Element {
  const { session, story } = useTable();
  const { branchId, branches } = useStore(story.lines);
  const [chosen, setChosen] = useState<string | null>(null);
  return (
    <div className="export stack">
      <p className="note">{EXPORT.intro}</p>
      {branches.length > 1 && (
        <NativeSelect
          label={EXPORT.branch}
          value={chosen ?? branchId}
          onChange={(event) => setChosen(event.currentTarget.value)}
          data={branches.map((branch) => ({
            value: branch.id,
            label: branch.id === branchId ? EXPORT.inPlay(branchName(branch)) : branchName(branch),
          }))}
        />
      )}
      <ul className="export-formats">
        {FORMATS.map((format) => (
          <li key={format}>
            <Button
              component="a"
              variant="light"
              download
              aria-describedby={`export-${format}`}
              href={httpApi.exportPath(session.sessionId, format, format === 'json' ? null : chosen)}
            >
              {EXPORT.download(EXPORT.formats[format])}
            </Button>
            <span id={`export-${format}`} className="note">
              {EXPORT.hints[format]}
            </span>
          </li>
        ))}
      </ul>
    </div>
  );
}
