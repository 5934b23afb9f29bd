import { Button, FileButton, TextInput } from '@mantine/core';
import { useState, type JSX } from 'react';
import { ERRORS } from '../../sessions/errors.ts';
import { LIMITS } from '../../sessions/limits.ts';
import type { CreateAnswer } from '../../sessions/protocol.ts';
import { httpApi } from '../link/http-api.ts';
import { TEXT } from '../strings.ts';

/** Opens an exported archive as a new session. */
export function ImportForm({ onCreated }: { onCreated: (answer: CreateAnswer) => void }): JSX.Element {
  const [file, setFile] = useState<File | null>(null);
  const [name, setName] = useState('');
  const [problem, setProblem] = useState('');
  const [isBusy, setBusy] = useState(false);
  const bring = async (archive: File): Promise<void> => {
    setBusy(true);
    setProblem(await bringIn(archive, name, onCreated));
    setBusy(false);
  };
  return (
    <form
      className="stack"
      onSubmit={(event) => {
        event.preventDefault();
        if (file !== null) void bring(file);
      }}
    >
      <p className="note">{TEXT.home.importHint}</p>
      <FileButton accept="application/json,.json" onChange={setFile}>
        {(props) => (
          <Button {...props} variant="light">
            {file?.name ?? TEXT.home.importFile}
          </Button>
        )}
      </FileButton>
      {file !== null && (
        <>
          <TextInput
            label={TEXT.home.yourName}
            required
            withAsterisk={false}
            maxLength={LIMITS.nameLength}
            value={name}
            onChange={(event) => setName(event.currentTarget.value)}
          />
          <Button type="submit" loading={isBusy} disabled={name.trim() === ''}>
            {TEXT.home.importOpen(file.name)}
          </Button>
        </>
      )}
      <p className="problem" role="alert">
        {problem}
      </p>
    </form>
  );
}

/** Sends an archive to the server; the problem in words, empty when it worked. */
async function bringIn(
  file: File,
  ownerName: string,
  onCreated: (answer: CreateAnswer) => void,
): Promise<string> {
  if (file.size > LIMITS.archiveBytes) return ERRORS.TOO_LARGE[2];
  let archive: unknown;
  try {
    archive = JSON.parse(await file.text());
  } catch {
    return TEXT.home.importUnreadable;
  }
  const created = await httpApi.importArchive(archive, ownerName);
  if (!created.ok) return created.message;
  onCreated(created.value);
  return '';
}
