// Asks the published engine in Node, as the worker does in a browser. In: {engine, typing: as letters are typed, queries: {index file: [query, …]}}; out: {index file: [[address, …], …]}.
import { readFileSync } from "node:fs"
const { engine, typing, queries } = JSON.parse(readFileSync(0, "utf8"))
const { prepare, search } = await import(engine)
const answers = Object.entries(queries).map(([file, asked]) => {
  const index = prepare(JSON.parse(readFileSync(file, "utf8")))
  return [file, asked.map(query => search(query, index, typing).map(row => row.page.url))]
})
process.stdout.write(JSON.stringify(Object.fromEntries(answers)))
