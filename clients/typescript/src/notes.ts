// Notes that the service writes behind the scenes, watched while they are written.
import { Refusal, type Client } from "./client.js";
import {
  StartNotesDocument,
  WatchNotesDocument,
  type StartNotesInput,
  type WatchNotesSubscription,
} from "./generated/graphql.js";

export type JobEvent = WatchNotesSubscription["jobProgress"];

/** Start a job and return its id; throws Refusal, whose code is BUSY when too many jobs wait. */
export async function startNotes(client: Client, input: StartNotesInput): Promise<string> {
  const { startNotes: payload } = await client.ask(StartNotesDocument, { input });
  const [problem] = payload?.errors ?? [];
  if (problem) {
    const { message, code, hint, retryAfter } = problem;
    throw new Refusal({ message, extensions: { code, ...(hint && { hint }), ...(retryAfter && { retryAfter }) } });
  }
  if (!payload?.job) throw new Refusal({ message: "no job was started" });
  return payload.job.id;
}

/** What happens to a job, its finished notes first, until it ends. */
export async function* watchNotes(client: Client, id: string): AsyncGenerator<JobEvent> {
  for await (const { jobProgress } of client.watch(WatchNotesDocument, { id, notesFrom: 0 })) yield jobProgress;
}
