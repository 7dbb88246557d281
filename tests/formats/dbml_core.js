// What @dbml/core makes of the DBML texts in a JSON list on standard input: counts for each, or its first complaint.
const { Parser } = require("@dbml/core");

const texts = JSON.parse(require("fs").readFileSync(0, "utf8"));

function counts(database) {
  const tables = database.schemas.flatMap((schema) => schema.tables);
  const enums = database.schemas.flatMap((schema) => schema.enums);
  const sum = (list, of) => list.reduce((total, each) => total + of(each), 0);
  return {
    tables: tables.length,
    columns: sum(tables, (table) => table.fields.length),
    refs: sum(database.schemas, (schema) => schema.refs.length),
    enums: enums.length,
    labels: sum(enums, (each) => each.values.length),
    indexes: sum(tables, (table) => table.indexes.length),
    checks: sum(tables, (table) => table.checks.length + sum(table.fields, (field) => (field.checks || []).length)),
    groups: sum(database.schemas, (schema) => schema.tableGroups.length),
    names: tables.flatMap((table) => table.fields.map((field) => [table.schema.name, table.name, field.name])).sort(),
  };
}

function judge(text) {
  try {
    return counts(new Parser().parse(text, "dbmlv2"));
  } catch (error) {
    const [first] = error.diags || [];
    return { error: first ? `${first.location.start.line}: ${first.message}` : String(error.message || error) };
  }
}

process.stdout.write(JSON.stringify(texts.map(judge)));
