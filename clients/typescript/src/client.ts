// Asks the service: the type of an answer comes from the document that asks for it.
import type { TypedDocumentString } from "./generated/graphql.js";

/** The service said no; `code` is one of those in docs/graphql.md, `retryAfter` seconds after which to ask again. */
export class Refusal extends Error {
  readonly code: string;
  readonly hint: string | undefined;
  readonly retryAfter: number | undefined;

  constructor(problem: Problem) {
    super(problem.message);
    this.name = "Refusal";
    this.code = problem.extensions?.code ?? "UNKNOWN";
    this.hint = problem.extensions?.hint;
    this.retryAfter = problem.extensions?.retryAfter;
  }
}

interface Problem {
  message: string;
  extensions?: { code?: string; hint?: string; retryAfter?: number };
}

interface Answer<Result> {
  data?: Result | null;
  errors?: Problem[];
}

type Document<Result, Variables> = TypedDocumentString<Result, Variables>;

export class Client {
  readonly #address: string;
  readonly #key: string | undefined;

  /** `address` ends in /graphql; `key` is needed only by a service that has keys. */
  constructor(address: string, key?: string) {
    this.#address = address;
    this.#key = key;
  }

  /** The data of a query or a mutation; throws Refusal, and an AbortError once `signal` has been given. */
  async ask<Result, Variables>(
    document: Document<Result, Variables>,
    variables: Variables,
    signal?: AbortSignal,
  ): Promise<Result> {
    return dataOf<Result>(await this.#send("application/json", document, variables, signal));
  }

  /** Each result of a subscription, by server-sent events, until it ends or the caller leaves the loop. */
  async *watch<Result, Variables>(
    document: Document<Result, Variables>,
    variables: Variables,
  ): AsyncGenerator<Result, void, void> {
    const leaving = new AbortController();
    try {
      const response = await this.#send("text/event-stream", document, variables, leaving.signal);
      if (!response.headers.get("content-type")?.startsWith("text/event-stream") || !response.body) {
        yield await dataOf<Result>(response);
        return;
      }
      for await (const { event, data } of events(response.body)) {
        if (event === "complete") return;
        if (event === "next") yield taken<Result>(JSON.parse(data));
      }
      throw new Refusal({ message: "the connection broke before the end" });
    } finally {
      leaving.abort();
    }
  }

  async #send(
    accept: string,
    document: { toString(): string },
    variables: unknown,
    signal: AbortSignal | undefined,
  ): Promise<Response> {
    const headers: Record<string, string> = { "content-type": "application/json", accept };
    if (this.#key) headers["authorization"] = `Bearer ${this.#key}`;
    const body = JSON.stringify({ query: document.toString(), variables });
    return fetch(this.#address, { method: "POST", headers, body, signal: signal ?? null });
  }
}

async function dataOf<Result>(response: Response): Promise<Result> {
  if (!response.headers.get("content-type")?.includes("json")) {
    // A proxy on the way answered, and not the service.
    throw new Refusal({ message: `no JSON but status ${response.status} came back` });
  }
  return taken<Result>(await response.json());
}

// The type is a promise of the schema; the service answers by the same schema.
function taken<Result>(answer: unknown): Result {
  const { data, errors } = answer as Answer<Result>;
  const [first] = errors ?? [];
  if (first) throw new Refusal(first);
  if (!data) throw new Refusal({ message: "the answer is empty" });
  return data;
}

async function* events(body: ReadableStream<Uint8Array>): AsyncGenerator<{ event: string; data: string }> {
  const reader = body.getReader();
  const decoder = new TextDecoder();
  let rest = "";
  for (;;) {
    const { value, done } = await reader.read();
    if (done) return;
    const blocks = (rest + decoder.decode(value, { stream: true })).split("\n\n");
    rest = blocks.pop() ?? "";
    for (const block of blocks) {
      const fields = new Map(block.split("\n").map((line) => [line.split(":", 1)[0], line.replace(/^\w*: ?/, "")]));
      // A block without an event is a comment, by which the service shows that it is still there.
      const event = fields.get("event");
      if (event) yield { event, data: fields.get("data") ?? "" };
    }
  }
}
