// The peer: @neo4j/graphql under Apollo Server over the stored graph, with the roles that the measured queries need.
// Environment: PORT, NEO4J_URI, NEO4J_USER, NEO4J_PASSWORD. It says on standard output that it is ready.
import { ApolloServer } from "@apollo/server";
import { startStandaloneServer } from "@apollo/server/standalone";
import { Neo4jGraphQL } from "@neo4j/graphql";
import neo4j from "neo4j-driver";

const typeDefs = /* GraphQL */ `
  type Disease @node @fulltext(indexes: [{ indexName: "names", queryName: "searchDiseases", fields: ["name"] }]) {
    id: ID!
    name: String!
    synonyms: [String!] @alias(property: "synonyms_en")
    symptoms: [Symptom!]! @relationship(type: "HAS_SYMPTOM", direction: OUT, properties: "HasSymptom")
    drugs: [Drug!]! @relationship(type: "TREATS", direction: IN)
    contraindicatedDrugs: [Drug!]! @relationship(type: "CONTRAINDICATED_FOR", direction: IN)
  }
  type HasSymptom @relationshipProperties {
    weight: Float
  }
  type Symptom @node {
    id: ID!
    name: String!
    diseases: [Disease!]! @relationship(type: "HAS_SYMPTOM", direction: IN, properties: "HasSymptom")
  }
  type Drug @node {
    id: ID!
    name: String!
    diseases: [Disease!]! @relationship(type: "TREATS", direction: OUT)
    inClass: [DrugClass!]! @relationship(type: "IN_CLASS", direction: OUT)
  }
  type DrugClass @node {
    id: ID!
    name: String!
    drugs: [Drug!]! @relationship(type: "IN_CLASS", direction: IN)
  }
  type PeerProposal @node {
    id: String!
    status: String!
    kind: String!
    start: String!
    end: String!
    weight: Float!
    reference: String!
    note: String!
    by: String!
    at: DateTime! @timestamp(operations: [CREATE])
  }
`;

const { NEO4J_URI, NEO4J_USER, NEO4J_PASSWORD, PORT } = process.env;
const driver = neo4j.driver(NEO4J_URI, neo4j.auth.basic(NEO4J_USER, NEO4J_PASSWORD));
const schema = await new Neo4jGraphQL({ typeDefs, driver }).getSchema();
const server = new ApolloServer({ schema });
const context = async () => ({ sessionConfig: { database: "neo4j" } });
const { url } = await startStandaloneServer(server, { listen: { host: "127.0.0.1", port: Number(PORT) }, context });
console.log(`ready at ${url}`);
