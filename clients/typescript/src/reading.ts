// What a front end shows: diseases page by page, suggestions while somebody types, and why something is believed.
import type { Client } from "./client.js";
import {
  DiseasesDocument,
  EvidenceDocument,
  SearchDocument,
  type DiseaseFilter,
  type DiseasesQuery,
  type EvidenceQuery,
  type Kind,
  type SearchQuery,
} from "./generated/graphql.js";

export type Disease = DiseasesQuery["diseases"]["nodes"][number];
export type Hit = SearchQuery["search"][number];

/** The diseases that `where` means with their strongest symptoms, fetched a page at a time as the caller goes on. */
export async function* diseases(client: Client, where: DiseaseFilter | null, pageSize = 50): AsyncGenerator<Disease> {
  let after: string | null = null;
  for (;;) {
    const page: DiseasesQuery = await client.ask(DiseasesDocument, { first: pageSize, after, where });
    yield* page.diseases.nodes;
    if (!page.diseases.pageInfo.hasNextPage) return;
    after = page.diseases.pageInfo.endCursor;
  }
}

/** Suggestions for a field that somebody types into. */
export class Typeahead {
  readonly #client: Client;
  readonly #kinds: Kind[];
  readonly #pause: number;
  #typing = new AbortController();

  /** `pause` is how many milliseconds without a key have to pass before the service is asked. */
  constructor(client: Client, kinds: Kind[], pause = 80) {
    this.#client = client;
    this.#kinds = kinds;
    this.#pause = pause;
  }

  /** What `text` may mean, or null when more was typed meanwhile: the question is then taken back. */
  async typed(text: string): Promise<Hit[] | null> {
    this.#typing.abort();
    const { signal } = (this.#typing = new AbortController());
    await new Promise((resolve) => setTimeout(resolve, this.#pause));
    if (signal.aborted) return null;
    try {
      return (await this.#client.ask(SearchDocument, { text, kinds: this.#kinds }, signal)).search;
    } catch (error) {
      if (signal.aborted) return null;
      throw error;
    }
  }
}

/** The strongest symptoms of a disease with their evidence; null when the code is not in the graph. */
export async function evidence(client: Client, icd10: string): Promise<EvidenceQuery["disease"]> {
  return (await client.ask(EvidenceDocument, { icd10 })).disease;
}
