// Shows each part of the client once. Words: diseases, search, evidence, notes; without any, all four.
import { Client, Refusal } from "./client.js";
import { startNotes, watchNotes } from "./notes.js";
import { diseases, evidence, Typeahead } from "./reading.js";

async function showDiseases(client: Client): Promise<void> {
  const where = { symptoms: { some: { node: { name: { eq: "cough" } } } } };
  for await (const disease of diseases(client, where, 2)) {
    const symptoms = disease.symptoms.edges.map(({ weight, node }) => `${node.name} ${weight ?? "?"}`);
    console.log(`${disease.id} ${disease.name}: ${symptoms.join(", ")}`);
  }
}

async function showSearch(client: Client): Promise<void> {
  const typeahead = new Typeahead(client, ["DISEASE"]);
  const answers = await Promise.all(["b", "bron", "bronch"].map((text) => typeahead.typed(text)));
  for (const hits of answers) {
    console.log(hits?.map(({ matched, node }) => `${matched} (${node.id})`).join(", ") ?? "typed on");
  }
}

async function showEvidence(client: Client): Promise<void> {
  const disease = await evidence(client, "J20");
  for (const { weight, node, evidence } of disease?.symptoms.edges ?? []) {
    console.log(`${disease?.name}: ${node.name} ${weight ?? "?"}`);
    for (const { direction, source, version, reference } of evidence) {
      console.log(`  ${direction} ${source} ${version}: ${reference}`);
    }
  }
}

async function showNotes(client: Client): Promise<void> {
  const id = await startNotes(client, { icd10: ["J20"], number: 2, seed: 7 });
  let preview = false;
  for await (const event of watchNotes(client, id)) {
    if (preview && event.__typename !== "JobToken") console.log();
    preview = event.__typename === "JobToken";
    switch (event.__typename) {
      case "JobProgressed":
        console.log(`${event.job.status}, ${event.job.progress.done} of ${event.job.progress.total}`);
        break;
      case "JobToken":
        process.stdout.write(event.text);
        break;
      case "JobNoteDone":
        console.log(`note ${event.noteIndex}: ${event.note.text}`);
        console.log(`  facts: ${event.note.facts.map(({ edgeId, told }) => `${edgeId ?? "none"} ${told}`).join(", ")}`);
        break;
      case "JobEnded":
        console.log(`ended: ${event.job.status} ${event.job.error?.message ?? ""}`.trimEnd());
    }
  }
}

const PARTS = { diseases: showDiseases, search: showSearch, evidence: showEvidence, notes: showNotes };

function isPart(word: string): word is keyof typeof PARTS {
  return Object.hasOwn(PARTS, word);
}

async function main(words: string[]): Promise<number> {
  const unknown = words.find((word) => !isPart(word));
  if (unknown) {
    console.error(`There is no part ${JSON.stringify(unknown)}; the parts are ${Object.keys(PARTS).join(", ")}.`);
    return 2;
  }
  const { MKG_URL = "http://127.0.0.1:8000/graphql", MKG_KEY } = process.env;
  const client = new Client(MKG_URL, MKG_KEY);
  try {
    for (const word of words.length ? words.filter(isPart) : (Object.keys(PARTS) as (keyof typeof PARTS)[])) {
      console.log(`== ${word}`);
      await PARTS[word](client);
    }
    return 0;
  } catch (error) {
    if (error instanceof Refusal) {
      console.error([`${error.code}: ${error.message}`, error.hint].filter(Boolean).join("\n"));
    } else {
      console.error(`${MKG_URL} does not answer: ${String(error)}`);
    }
    return 1;
  }
}

process.exitCode = await main(process.argv.slice(2));
