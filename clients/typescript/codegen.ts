import type { CodegenConfig } from "@graphql-codegen/cli";

// A front end of its own says where schema.graphql lies and which documents are its own; the rest may stay as it is.
const config: CodegenConfig = {
  schema: "../../schema.graphql",
  documents: "../operations/*.graphql",
  generates: {
    "src/generated/": {
      preset: "client",
      presetConfig: { fragmentMasking: false },
      config: {
        // A document is then a string that carries its types: no GraphQL library is needed at run time.
        documentMode: "string",
        enumsAsTypes: true,
        useTypeImports: true,
        importExtension: ".js",
        strictScalars: true,
        scalars: { JSON: "unknown" },
      },
    },
  },
};

export default config;
