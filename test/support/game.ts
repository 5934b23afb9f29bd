import { expect } from 'vitest';
import { decide } from '../../sessions/commands/decide.ts';
import type { Decision } from '../../sessions/commands/decision.ts';
import { decideJoin, newInvite } from '../../sessions/commands/membership.ts';
import { evolve, sessionEventSchema, type SessionEvent } from '../../sessions/events.ts';
import { TermCache } from '../../sessions/dependency-terms.ts';
import type { PastStory } from '../../sessions/history-ports.ts';
import { newId } from '../../sessions/ids.ts';
import { LIMITS } from '../../sessions/limits.ts';
import { newSession } from '../../sessions/new-session.ts';
import type { Severities } from '../../sessions/moderator.ts';
import type { Flag } from '../../sessions/ports.ts';
import {
  COMMANDS,
  HARMS,
  createSessionSchema,
  type Command,
  type CommandName,
  type Role,
} from '../../sessions/protocol.ts';
import { can } from '../../sessions/roles.ts';
import { sessionStateSchema, type SessionState } from '../../sessions/state.ts';
import { NARRATOR, type Span } from '../../sessions/story-shape.ts';
import { Story } from '../../sessions/story.ts';
import { SeededRandom } from './seeded-random.ts';

export const NOW = 1_790_000_000_000;

/** A session as a table of state, story and draft texts, without any server around it. */
export class Game {
  state: SessionState;
  readonly story = new Story();
  readonly texts = new Map<string, Span[]>();
  readonly present = new Set<string>();
  readonly events: SessionEvent[] = [];
  private readonly random = new SeededRandom(5);
  now = NOW;
  /** What the story was, for rollbacks that go back to a state. */
  past: PastStory | null = null;
  /** What the policy allows: everything, unless a test says otherwise. */
  floor = Object.fromEntries(HARMS.map((harm) => [harm, 4])) as Severities;
  readonly flags = new Set<Flag>();

  constructor(roles: readonly Role[], mode: 'free' | 'ordered' | 'round' | 'gm-calls' = 'free') {
    const input = createSessionSchema.parse({ title: 'T', ownerName: 'p0', turnMode: mode });
    this.state = newSession(input, {
      sessionId: 's',
      identityHash: 'h0',
      now: NOW,
      random: this.random,
    }).state;
    for (const [index, role] of roles.entries()) if (role !== 'owner') this.join(role, `p${index}`);
    for (const id of Object.keys(this.state.players)) this.present.add(id);
  }

  private join(role: Exclude<Role, 'owner'>, name: string): void {
    const id = newId(this.random);
    const invite = newInvite({ id, role, secretHash: id, createdAt: NOW, expiresAt: NOW + 9e9 });
    this.record([{ type: 'invite-created', invite }]);
    const request = { identityHash: `h-${name}`, name, inviteHash: id };
    const joined = decideJoin(this.state, request, { now: NOW, playerId: newId(this.random) });
    if (!joined.ok) throw new Error(joined.code);
    this.record(joined.events);
  }

  record(events: readonly SessionEvent[]): void {
    for (const event of events) {
      expect(sessionEventSchema.parse(JSON.parse(JSON.stringify(event)))).toEqual(event);
      this.state = evolve(this.state, event);
      this.events.push(event);
      if (event.type === 'draft-opened') this.texts.set(event.draft.id, []);
    }
  }

  id(index: number): string {
    return Object.keys(this.state.players)[index]!;
  }

  idOf(role: Role): string {
    return Object.values(this.state.players).find((player) => player.role === role)!.id;
  }

  decide(playerId: string, command: Command): Decision {
    return decide(
      {
        state: this.state,
        player: this.state.players[playerId]!,
        now: this.now,
        isPresent: (id) => this.present.has(id),
        newId: () => newId(this.random),
        draftSpans: (draftId) => this.texts.get(draftId) ?? [],
        story: this.story,
        seq: this.events.length,
        typing: new Map(),
        terms: new TermCache(100),
        past: this.past,
        passage: (id) => this.story.passage(id),
        passageCount: this.story.passageCount(),
        lastShown: () => this.story.lastShown(),
        floor: this.floor,
        flags: this.flags,
      },
      command,
    );
  }

  run(playerId: string, command: Command): Decision {
    const decision = this.decide(playerId, command);
    if (!decision.ok) return decision;
    this.story.apply(decision.changes);
    this.record(decision.events);
    for (const { draftId, spans } of decision.prefills) this.texts.set(draftId, spans);
    return decision;
  }

  /** Executes by name and gives the value; throws when it is refused. */
  must(playerId: string, name: CommandName, payload: unknown = {}): Record<string, unknown> {
    const decision = this.run(playerId, { name, payload: COMMANDS[name].parse(payload) } as Command);
    if (!decision.ok) throw new Error(`${name}: ${decision.code}`);
    return decision.value;
  }

  code(playerId: string, name: CommandName, payload: unknown = {}): string {
    const decision = this.run(playerId, { name, payload: COMMANDS[name].parse(payload) } as Command);
    return decision.ok ? 'ok' : decision.code;
  }

  /** Opens a draft with text. */
  write(playerId: string, text: string): string {
    const draftId = this.must(playerId, 'draft:open').draftId as string;
    this.texts.set(draftId, [{ author: playerId, text }]);
    return draftId;
  }

  passage(playerId: string, text = 'Some words.'): string {
    return this.must(playerId, 'draft:commit', { draftId: this.write(playerId, text) }).passageId as string;
  }

  narratorPassage(): string {
    const passageId = newId(this.random);
    const meta = { kind: 'narrator' as const, by: NARRATOR, turnId: 't', castId: null, createdAt: NOW };
    const spans = [{ author: NARRATOR, text: 'Told.' }];
    this.story.apply([{ op: 'add', passageId, alternativeId: newId(this.random), meta, spans, at: NOW }]);
    return passageId;
  }

  /** What must be true after any command. */
  check(): void {
    const { state } = this;
    expect(sessionStateSchema.parse(JSON.parse(JSON.stringify(state)))).toEqual(state);
    const own = Object.values(state.drafts)
      .filter((draft) => draft.replaces === null && draft.keptFrom === null)
      .map((draft) => draft.openedBy);
    expect(new Set(own).size, 'one own draft a player').toBe(own.length);
    const reopened = Object.values(state.drafts).flatMap((draft) => draft.replaces ?? []);
    expect(new Set(reopened).size, 'a passage is reopened once').toBe(reopened.length);
    expect(state.narratorTurns.length).toBeLessThanOrEqual(LIMITS.narratorTurnsPerSession);
    const owners = Object.values(state.players).filter((player) => player.role === 'owner' && !player.isGone);
    expect(owners.map((player) => player.id)).toEqual([this.id(0)]);
    const writers = Object.values(state.players)
      .filter((player) => !player.isGone && can(player.role, 'write'))
      .map((player) => player.id);
    expect(state.turn.order.toSorted(), 'order is the active writers').toEqual(writers.toSorted());
    expect(state.turn.current === null || writers.includes(state.turn.current)).toBe(true);
    expect(state.cast.length).toBeLessThanOrEqual(LIMITS.castLength);
    for (const member of state.cast)
      if (member.playerId !== null) expect(state.players[member.playerId]?.isGone).toBe(false);
    const names = Object.values(state.players)
      .filter((player) => !player.isGone)
      .map((player) => player.name);
    expect(new Set(names.map((name) => name.toLowerCase())).size).toBe(names.length);
  }
}
