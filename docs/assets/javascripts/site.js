// The search box of a page opens the theme's search; without JavaScript the same link leads to the list of problems.
for (const link of document.querySelectorAll("[data-search]"))
  link.addEventListener("click", event => {
    event.preventDefault()
    document.getElementById("__search").click()
    document.querySelector("[data-md-component=search-query]").focus()
  })

// The theme searches on key release only; text pasted from a phone's menu releases no key.
const query = document.querySelector("[data-md-component=search-query]")
if (query)
  query.addEventListener("input", () => query.dispatchEvent(new KeyboardEvent("keyup", { bubbles: true })))
