// Translates a schema.prisma of `better-auth generate` to SQL, as `prisma migrate` does: by Prisma's documented types and
// names of constraints. Prisma's own program for this has to be downloaded from another host than npm's registry.

const TYPES = { String: "TEXT", DateTime: "TIMESTAMP(3)", Boolean: "BOOLEAN", Int: "INTEGER", BigInt: "BIGINT", Json: "JSONB" };
const FUNCTIONS = { "now()": "CURRENT_TIMESTAMP" };
const ACTIONS = { Cascade: "CASCADE", NoAction: "NO ACTION", SetNull: "SET NULL", Restrict: "RESTRICT" };

/** The SQL of all models of a schema: tables, then indexes, then foreign keys. */
export function prismaSql(schema) {
  const models = [...schema.matchAll(/^model (\w+) \{\n(.*?)^\}/gms)].map(([, name, body]) => model(name, body));
  const tables = new Map(models.map(({ name, table }) => [name, table]));
  const parts = [
    ...models.map(createTable),
    ...models.flatMap(createIndexes),
    ...models.flatMap((each) => addForeignKeys(each, tables)),
  ];
  return `${parts.join("\n\n")}\n`;
}

function model(name, body) {
  const lines = body.split("\n").map((line) => line.trim()).filter((line) => line !== "");
  const blocks = lines.filter((line) => line.startsWith("@@"));
  const fields = lines.filter((line) => !line.startsWith("@@")).map(field);
  const listed = (kind) => blocks.flatMap((line) => line.match(new RegExp(`^@@${kind}\\(\\[(.*)\\]\\)$`))?.[1] ?? []);
  const table = blocks.map((line) => line.match(/^@@map\("(.*)"\)$/)?.[1]).find(Boolean) ?? name;
  return { name, table, fields, uniques: listed("unique"), indexes: listed("index") };
}

function field(line) {
  const [, name, type, modifier, attributes] = line.match(/^(\w+)\s+(\w+)(\?|\[\])?\s*(.*)$/);
  return { name, type, isOptional: modifier === "?", isList: modifier === "[]", attributes };
}

function createTable({ table, fields }) {
  const columns = fields.filter(({ type }) => TYPES[type]).map(column);
  return `-- CreateTable\nCREATE TABLE "${table}" (\n${columns.join("\n")}\n\n    CONSTRAINT "${table}_pkey" PRIMARY KEY ("id")\n);`;
}

function column({ name, type, isOptional, isList, attributes }) {
  const standard = attributes.match(/@default\((now\(\)|[^()]*)\)/)?.[1];
  return [
    `    "${name}" ${attributes.includes("@db.Uuid") ? "UUID" : TYPES[type]}${isList ? "[]" : ""}`,
    isOptional || isList ? "" : " NOT NULL",
    standard ? ` DEFAULT ${FUNCTIONS[standard] ?? standard.replaceAll('"', "'")}` : "",
    ",",
  ].join("");
}

function createIndexes({ table, uniques, indexes }) {
  const create = (column, keyword, ending) =>
    `-- CreateIndex\nCREATE ${keyword} "${table}_${column}_${ending}" ON "${table}"("${column}");`;
  return [
    ...indexes.map((column) => create(column, "INDEX", "idx")),
    ...uniques.map((column) => create(column, "UNIQUE INDEX", "key")),
  ];
}

function addForeignKeys({ table, fields }, tables) {
  return fields.flatMap(({ type, attributes }) => {
    const relation = attributes.match(/@relation\(fields: \[(\w+)\], references: \[(\w+)\], onDelete: (\w+)\)/);
    if (!relation) return [];
    const [, own, other, action] = relation;
    return [
      `-- AddForeignKey\nALTER TABLE "${table}" ADD CONSTRAINT "${table}_${own}_fkey" FOREIGN KEY ("${own}") ` +
        `REFERENCES "${tables.get(type)}"("${other}") ON DELETE ${ACTIONS[action]} ON UPDATE CASCADE;`,
    ];
  });
}
