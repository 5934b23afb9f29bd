import type { ExportFormat } from '../link/http-api.ts';

// The words of exports; what strings.ts is for the rest of the client.

/** The text of the export dialog. */
export const EXPORT = {
  menu: 'Export…',
  title: 'Export the story',
  intro: 'Chapters are scenes; a list at the end tells who wrote how much. Only what is shown is exported.',
  branch: 'Branch',
  inPlay: (name: string) => `${name} (in play)`,
  formats: {
    md: 'Markdown',
    epub: 'EPUB',
    docx: 'Word document (DOCX)',
    json: 'Archive (JSON)',
  } satisfies Record<ExportFormat, string>,
  hints: {
    md: 'Plain text with marks, for any editor.',
    epub: 'A book for e-readers.',
    docx: 'For word processors.',
    json: 'Everything, with all branches and checkpoints. A new session can be opened from it.',
  } satisfies Record<ExportFormat, string>,
  download: (format: string) => `Export as ${format}`,
} as const;
