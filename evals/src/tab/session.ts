import { z } from 'zod';
import { DocumentShape, EventShape, parseJson } from './case.ts';
import { afterEvents, documentsOf } from './documents.ts';
import { EditError } from './edits.ts';

const SessionShape = z.object({
  id: z.string().optional(),
  documents: z.array(DocumentShape),
  events: z.array(
    EventShape.extend({
      /** Milliseconds since the start. */
      t: z.number().default(0),
      /** `typed`: a key of the user; `reset`: the text was set anew; anything else: the tool that made the change. */
      origin: z.string().default('typed'),
    }),
  ),
  root: z.string().optional(),
});
export type Session = z.output<typeof SessionShape>;
export type SessionEvent = Session['events'][number];

/** A recording that cannot be replayed. */
export class SessionError extends Error {
  override readonly name = 'SessionError';
}

/**
 * Reads one session, an array of sessions, or one session a line; `name` is the file, for ids and messages.
 * @throws SessionError for the first that is no session or whose events do not fit its documents
 */
export function parseSessions(text: string, name: string): readonly Session[] {
  const bare = text.replace(/^\ufeff/, '').trim();
  if (bare === '') throw new SessionError(`${name}: is empty`);
  const whole = parseJson(z.union([z.array(SessionShape), SessionShape.transform((session) => [session])]), bare);
  if ('value' in whole) return whole.value.map((session, index) => checked(session, `${name}#${index + 1}`));
  const lines = bare.split('\n').filter((line) => line.trim() !== '');
  if (lines.length === 1 || !lines[0]?.trimEnd().endsWith('}')) throw new SessionError(`${name}: ${problemOf(bare)}`);
  return lines.map((line, index) => {
    const parsed = parseJson(SessionShape, line);
    if ('problem' in parsed) throw new SessionError(`${name}, line ${index + 1}: ${parsed.problem}`);
    return checked(parsed.value, `${name}#${index + 1}`);
  });
}

/** The union's own message says only that neither form fits: ask the single form what is missing. */
function problemOf(text: string): string {
  const parsed = parseJson(SessionShape, text);
  return 'problem' in parsed ? parsed.problem : 'is not a session';
}

function checked(session: Session, name: string): Session {
  const id = session.id ?? name;
  try {
    afterEvents(documentsOf(session.documents), session.events);
  } catch (error) {
    if (error instanceof EditError) throw new SessionError(`${id}: ${error.message}`);
    throw error;
  }
  return { ...session, id };
}
