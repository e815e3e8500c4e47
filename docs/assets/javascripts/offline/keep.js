// The buttons that keep the whole guide and remove every copy; what lies in the caches is the only record of what was chosen.
import { complete, keep, named } from "./fill.js"

const make = (parent, tag, values) => parent.appendChild(Object.assign(document.createElement(tag), values))

export const offer = async (box, register) => {
  const { lang, pages, kb, all } = box.dataset, words = JSON.parse(box.dataset.words)
  const write = (text, values) => text.replace(/\{(\w+)\}/g, (_, name) => ({ pages, kb, ...values })[name])
  const save = make(box, "button", { type: "button" }), remove = make(box, "button", { type: "button", textContent: words.remove })
  const said = make(box, "p", {})
  let busy

  const draw = async text => {
    const mine = await named(lang), list = (await Promise.all(mine.map(complete))).find(Boolean)
    const date = list && new Date(list.headers.get("date")).toLocaleDateString(words.locale, { dateStyle: "long" })
    save.textContent = list ? words.refresh : words.save
    // Pages that were only visited are removed where the guide explains them.
    remove.hidden = !(mine.length || all !== undefined && (await named("")).length)
    said.textContent = text ?? write(list ? words.kept : mine.length ? words.cut : words.size, { date })
  }

  save.addEventListener("click", async () => {
    if (busy) return
    busy = true
    let done = 0
    said.setAttribute("role", "status")
    said.textContent = write(words.progress, { done })
    // Each page would be too much to listen to.
    const tell = () => { if (++done % 6 === 0) said.textContent = write(words.progress, { done }) }
    try {
      register()
      await keep(lang, tell)
      await draw()
    } catch (error) {
      await draw(error.name === "QuotaExceededError" ? words.full : words.cut)
    }
    busy = false
  })

  remove.addEventListener("click", async () => {
    if (busy) return
    for (const name of await named("")) await caches.delete(name)
    save.focus()
    draw(words.removed)
  })

  await draw()
  box.hidden = false
}
