// Starts GraphiQL on this service, with one tab for each example.
"use strict";

const EXAMPLES = [
  `# A disease by its ICD-10 code, its strongest symptoms and where they are told.
query Disease {
  disease(icd10: "J20") {
    id
    name
    russian: name(language: RU)
    symptoms(first: 5) {
      totalCount
      edges {
        weight
        node { id name }
        evidence { source version reference }
      }
    }
  }
}
`,
  `# Diseases with a symptom that counts for much there, and what eases them.
query Filter {
  diseases(
    first: 5
    where: { symptoms: { some: { node: { name: { eq: "cough" } }, edge: { weight: { atLeast: 0.3 } } } } }
  ) {
    nodes {
      id
      name
      drugs(first: 3) { edges { purpose node { name } } }
    }
  }
}
`,
  `# What a question in the query language reaches, or why it has no answer.
query Question {
  subgraph(question: "disease \\"J20\\" | symptoms top 5 by weight") {
    ... on Subgraph {
      answer { id name }
      edges { id weight sources }
    }
    ... on QueryProblem { message place hint }
  }
}
`,
  `# Words, beginnings and misspelt words, in English and Russian.
query Search {
  search(text: "bronch", first: 5) {
    matched
    node { id kind name }
  }
}
`,
  `# Diseases page by page: put endCursor of the answer into "after" below.
query Page($after: String) {
  diseases(first: 10, after: $after) {
    nodes { id name }
    pageInfo { hasNextPage endCursor }
    totalCount
  }
}
`,
  `# The diseases of a block of ICD-10, what they come to together, and the whole graph in numbers.
query Numbers {
  diseases(where: { icd10: { within: "J20-J22" } }) {
    aggregate { count prior { average minimum maximum } }
    nodes { name symptoms(first: 1) { aggregate { count weight { average } } } }
  }
  statistics { kinds { kind number } }
}
`,
  `# Where the graph stands, and what changed it last.
query History {
  graph { release nodes { kind number } }
  changeSets(first: 5) { id kind title by at changed }
}
`,
  `# A note by the local model; seconds to minutes. The same seed writes the same note.
mutation Note {
  generateNote(icd10: "J20", seed: 7) {
    note { text passed facts { text told edgeId } }
    errors { code message hint }
  }
}
`,
  `# Notes behind the scenes: put the id of the answer into the variables of the next tab to watch them being written.
mutation Start {
  startNotes(input: { icd10: ["J20", "J45"], number: 2 }) {
    job { id status }
    errors { code message hint }
  }
}
`,
  `# What happens to a job of yours until it ends; its id is in the answer of the tab before.
subscription Watch($id: ID!) {
  jobProgress(id: $id) {
    __typename
    ... on JobToken { noteIndex text }
    ... on JobNoteDone { note { text passed } }
    ... on JobEnded { job { status error { message } } }
  }
}
`,
];

// Whether the operation that is to be run is a subscription.
function subscribes(params, options) {
  const operations = (options?.documentAST?.definitions ?? []).filter((item) => item.kind === "OperationDefinition");
  const named = operations.find((item) => item.name?.value === params.operationName);
  return (named ?? operations[0])?.operation === "subscription";
}

// The results of a subscription, which come as server-sent events.
async function* events(params, options) {
  const answer = await fetch("graphql", {
    method: "POST",
    headers: { "content-type": "application/json", accept: "text/event-stream", ...options?.headers },
    body: JSON.stringify(params),
  });
  if (!answer.headers.get("content-type").startsWith("text/event-stream")) {
    yield await answer.json();
    return;
  }
  const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader();
  let text = "";
  try {
    for (;;) {
      const { value, done } = await reader.read();
      if (done) return;
      const blocks = (text + value).split("\n\n");
      text = blocks.pop();
      for (const block of blocks) {
        if (block.startsWith("event: complete")) return;
        if (block.startsWith("event: next")) yield JSON.parse(block.slice(block.indexOf("data:") + 5));
      }
    }
  } finally {
    await reader.cancel();
  }
}

const once = GraphiQL.createFetcher({ url: "graphql" });
const fetcher = (params, options) => (subscribes(params, options) ? events(params, options) : once(params, options));

const root = document.getElementById("graphiql");
const headers = root.dataset.needsKey === "yes" ? '{\n  "Authorization": "Bearer YOUR-KEY"\n}' : "";

ReactDOM.createRoot(root).render(
  React.createElement(GraphiQL, {
    fetcher,
    defaultTabs: EXAMPLES.map((query) => ({ query, variables: query.includes("$id: ID!") ? '{ "id": "" }' : "{}", headers })),
    defaultHeaders: headers,
    isHeadersEditorEnabled: true,
    shouldPersistHeaders: false,
  }),
);
