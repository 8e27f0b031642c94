/* eslint-disable */
import * as types from './graphql.js';



/**
 * Map of all GraphQL operations in the project.
 *
 * This map has several performance disadvantages:
 * 1. It is not tree-shakeable, so it will include all operations in the project.
 * 2. It is not minifiable, so the string of a GraphQL query will be multiple times inside the bundle.
 * 3. It does not support dead code elimination, so it will add unused operations.
 *
 * Therefore it is highly recommended to use the babel or swc plugin for production.
 * Learn more about it here: https://the-guild.dev/graphql/codegen/plugins/presets/preset-client#reducing-bundle-size
 */
type Documents = {
    "query Diseases($first: Int!, $after: String, $where: DiseaseFilter) {\n  diseases(first: $first, after: $after, where: $where, orderBy: [NAME]) {\n    nodes {\n      id\n      name\n      symptoms(first: 3) {\n        edges {\n          weight\n          node {\n            id\n            name\n          }\n        }\n      }\n    }\n    pageInfo {\n      hasNextPage\n      endCursor\n    }\n  }\n}": typeof types.DiseasesDocument,
    "query Evidence($icd10: String!) {\n  disease(icd10: $icd10) {\n    id\n    name\n    symptoms(first: 3) {\n      edges {\n        id\n        weight\n        sources\n        node {\n          name\n        }\n        evidence {\n          id\n          source\n          version\n          reference\n          direction\n        }\n      }\n    }\n  }\n}": typeof types.EvidenceDocument,
    "mutation StartNotes($input: StartNotesInput!) {\n  startNotes(input: $input) {\n    job {\n      id\n      status\n    }\n    errors {\n      code\n      message\n      hint\n      retryAfter\n    }\n  }\n}\n\nsubscription WatchNotes($id: ID!, $notesFrom: Int) {\n  jobProgress(id: $id, notesFrom: $notesFrom) {\n    __typename\n    ... on JobProgressed {\n      job {\n        status\n        progress {\n          done\n          total\n        }\n      }\n    }\n    ... on JobToken {\n      noteIndex\n      text\n    }\n    ... on JobNoteDone {\n      noteIndex\n      note {\n        id\n        text\n        passed\n        facts {\n          text\n          edgeId\n          told\n        }\n      }\n    }\n    ... on JobEnded {\n      job {\n        status\n        error {\n          message\n        }\n      }\n    }\n  }\n}": typeof types.StartNotesDocument,
    "query Search($text: String!, $kinds: [Kind!]) {\n  search(text: $text, kinds: $kinds, first: 5) {\n    matched\n    node {\n      id\n      kind\n      name\n    }\n  }\n}": typeof types.SearchDocument,
};
const documents: Documents = {
    "query Diseases($first: Int!, $after: String, $where: DiseaseFilter) {\n  diseases(first: $first, after: $after, where: $where, orderBy: [NAME]) {\n    nodes {\n      id\n      name\n      symptoms(first: 3) {\n        edges {\n          weight\n          node {\n            id\n            name\n          }\n        }\n      }\n    }\n    pageInfo {\n      hasNextPage\n      endCursor\n    }\n  }\n}": types.DiseasesDocument,
    "query Evidence($icd10: String!) {\n  disease(icd10: $icd10) {\n    id\n    name\n    symptoms(first: 3) {\n      edges {\n        id\n        weight\n        sources\n        node {\n          name\n        }\n        evidence {\n          id\n          source\n          version\n          reference\n          direction\n        }\n      }\n    }\n  }\n}": types.EvidenceDocument,
    "mutation StartNotes($input: StartNotesInput!) {\n  startNotes(input: $input) {\n    job {\n      id\n      status\n    }\n    errors {\n      code\n      message\n      hint\n      retryAfter\n    }\n  }\n}\n\nsubscription WatchNotes($id: ID!, $notesFrom: Int) {\n  jobProgress(id: $id, notesFrom: $notesFrom) {\n    __typename\n    ... on JobProgressed {\n      job {\n        status\n        progress {\n          done\n          total\n        }\n      }\n    }\n    ... on JobToken {\n      noteIndex\n      text\n    }\n    ... on JobNoteDone {\n      noteIndex\n      note {\n        id\n        text\n        passed\n        facts {\n          text\n          edgeId\n          told\n        }\n      }\n    }\n    ... on JobEnded {\n      job {\n        status\n        error {\n          message\n        }\n      }\n    }\n  }\n}": types.StartNotesDocument,
    "query Search($text: String!, $kinds: [Kind!]) {\n  search(text: $text, kinds: $kinds, first: 5) {\n    matched\n    node {\n      id\n      kind\n      name\n    }\n  }\n}": types.SearchDocument,
};

/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "query Diseases($first: Int!, $after: String, $where: DiseaseFilter) {\n  diseases(first: $first, after: $after, where: $where, orderBy: [NAME]) {\n    nodes {\n      id\n      name\n      symptoms(first: 3) {\n        edges {\n          weight\n          node {\n            id\n            name\n          }\n        }\n      }\n    }\n    pageInfo {\n      hasNextPage\n      endCursor\n    }\n  }\n}"): typeof import('./graphql.js').DiseasesDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "query Evidence($icd10: String!) {\n  disease(icd10: $icd10) {\n    id\n    name\n    symptoms(first: 3) {\n      edges {\n        id\n        weight\n        sources\n        node {\n          name\n        }\n        evidence {\n          id\n          source\n          version\n          reference\n          direction\n        }\n      }\n    }\n  }\n}"): typeof import('./graphql.js').EvidenceDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "mutation StartNotes($input: StartNotesInput!) {\n  startNotes(input: $input) {\n    job {\n      id\n      status\n    }\n    errors {\n      code\n      message\n      hint\n      retryAfter\n    }\n  }\n}\n\nsubscription WatchNotes($id: ID!, $notesFrom: Int) {\n  jobProgress(id: $id, notesFrom: $notesFrom) {\n    __typename\n    ... on JobProgressed {\n      job {\n        status\n        progress {\n          done\n          total\n        }\n      }\n    }\n    ... on JobToken {\n      noteIndex\n      text\n    }\n    ... on JobNoteDone {\n      noteIndex\n      note {\n        id\n        text\n        passed\n        facts {\n          text\n          edgeId\n          told\n        }\n      }\n    }\n    ... on JobEnded {\n      job {\n        status\n        error {\n          message\n        }\n      }\n    }\n  }\n}"): typeof import('./graphql.js').StartNotesDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "query Search($text: String!, $kinds: [Kind!]) {\n  search(text: $text, kinds: $kinds, first: 5) {\n    matched\n    node {\n      id\n      kind\n      name\n    }\n  }\n}"): typeof import('./graphql.js').SearchDocument;


export function graphql(source: string) {
  return (documents as any)[source] ?? {};
}
