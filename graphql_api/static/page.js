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
];

const root = document.getElementById("graphiql");
const headers = root.dataset.needsKey === "yes" ? '{\n  "Authorization": "Bearer YOUR-KEY"\n}' : "";

ReactDOM.createRoot(root).render(
  React.createElement(GraphiQL, {
    fetcher: GraphiQL.createFetcher({ url: "graphql" }),
    defaultTabs: EXAMPLES.map((query) => ({ query, variables: "{}", headers })),
    defaultHeaders: headers,
    isHeadersEditorEnabled: true,
    shouldPersistHeaders: false,
  }),
);
