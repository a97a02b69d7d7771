/* One field that finds a place by its name, in place of choosing it level by level in linked lists.

   [data-linked-lists][data-search-label]  gets the field above its lists once linked_lists.js has them ("linked:ready", whose detail is
                          the tree). data-search-help and data-search-none are its texts: how to write, and that nothing was found.

   A place is found by Chinese or English words of its name or of the names above it, in any language of the page: 深圳南山, 南山区,
   Nanshan Shenzhen. Only places with nothing below them are offered; the chosen one is put into the lists, which stay. Nothing
   is sent from here: without scripts, and where the field is not used, the lists are what they were.
*/
(() => {
  "use strict";

  const MOST = 12;
  let count = 0;

  const plain = (text) => text.normalize("NFKC").toLowerCase();
  const hasChinese = (text) => /\p{Script=Han}/u.test(text);

  // Every place with nothing below it, with the names from the province down in both languages.
  const leavesOf = (places, above = { names: [], also: [] }) => places.flatMap((place) => {
    const path = { names: [...above.names, place.name], also: [...above.also, place.other || place.name] };
    if (place.children && place.children.length) return leavesOf(place.children, path);
    const words = plain([...path.names, ...path.also].join(" "));
    const [first, second] = [path.names, path.also].map((names) => plain(names.join("")));
    return [{ code: place.code, path, words, tokens: words.split(/[\s,]+/), joined: hasChinese(first) ? first : second }];
  });

  // Whether the characters come in this order: 深圳南山 is in 广东省深圳市南山区.
  const isInOrder = (characters, text) => {
    let from = 0;
    for (const each of characters) {
      from = text.indexOf(each, from) + 1;
      if (!from) return false;
    }
    return true;
  };

  const find = (leaves, typed) => {
    const query = plain(typed).trim();
    if (!query) return [];
    const isChinese = hasChinese(query);
    const asked = isChinese ? query.replace(/[^\p{Script=Han}]/gu, "") : query.split(/[\s,]+/).filter(Boolean);
    const rank = (leaf) => {
      if (!isChinese && asked.every((word) => leaf.tokens.includes(word))) return 2;
      if (!isChinese) return asked.every((word) => leaf.words.includes(word)) ? 1 : 0;
      if (leaf.joined.includes(asked)) return 2;
      return isInOrder(asked, leaf.joined) ? 1 : 0;
    };
    return leaves
      .map((leaf) => ({ leaf, points: rank(leaf) }))
      .filter((each) => each.points)
      .sort((one, other) => other.points - one.points)
      .slice(0, MOST)
      .map((each) => each.leaf);
  };

  const nameOf = (leaf) => {
    const names = leaf.path.names.filter((name, index, all) => name !== all[index - 1]);
    return hasChinese(names[0]) ? names.join(" ") : [...names].reverse().join(", ");
  };

  const element = (tag, className, attributes = {}) => {
    const made = document.createElement(tag);
    made.className = className;
    for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
    return made;
  };

  const setUp = (group, tree) => {
    const output = group.querySelector("input[data-linked-value]");
    if (!output || group.querySelector(".place-search")) return;
    const leaves = leavesOf(tree);
    const id = `place-search-${(count += 1)}`;
    const box = element("div", "place-search");
    // In a paragraph, as those of the lists: a label that stands alone in a field is a choice.
    const head = element("p", "place-search__head");
    const label = element("label", "", { for: id });
    label.textContent = group.dataset.searchLabel;
    head.append(label);
    const input = element("input", "", {
      id, type: "text", role: "combobox", autocomplete: "off", spellcheck: "false", placeholder: group.dataset.searchHelp,
      "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": `${id}-list`,
    });
    const list = element("ul", "place-search__list", { id: `${id}-list`, role: "listbox", "aria-label": group.dataset.searchLabel });
    const status = element("p", "place-search__status", { role: "status" });
    list.hidden = true;
    box.append(head, input, list, status);
    group.prepend(box);
    let found = [];
    let active = -1;

    const mark = (index) => {
      active = index;
      [...list.children].forEach((option, place) => option.setAttribute("aria-selected", String(place === index)));
      if (index < 0) input.removeAttribute("aria-activedescendant");
      else {
        input.setAttribute("aria-activedescendant", `${id}-${index}`);
        list.children[index].scrollIntoView({ block: "nearest" });
      }
    };

    const close = () => {
      list.hidden = true;
      input.setAttribute("aria-expanded", "false");
      mark(-1);
    };

    // What is written here never names another place than the one that is chosen.
    const sayChosen = () => {
      const chosen = leaves.find((leaf) => leaf.code === output.value);
      if (chosen && input.value) input.value = nameOf(chosen);
    };

    const choose = (leaf) => {
      close();
      input.value = nameOf(leaf);
      output.dispatchEvent(new CustomEvent("linked:put", { detail: leaf.code }));
    };

    const show = () => {
      found = find(leaves, input.value);
      list.replaceChildren(...found.map((leaf, index) => {
        const option = element("li", "", { id: `${id}-${index}`, role: "option", "aria-selected": "false" });
        option.textContent = nameOf(leaf);
        // Before the field loses the focus.
        option.addEventListener("mousedown", (event) => event.preventDefault());
        option.addEventListener("click", () => choose(leaf));
        return option;
      }));
      list.hidden = found.length === 0;
      input.setAttribute("aria-expanded", String(found.length > 0));
      status.textContent = input.value.trim() && !found.length ? group.dataset.searchNone : "";
      mark(-1);
    };

    input.addEventListener("input", (event) => {
      // What is typed here is no answer yet.
      event.stopPropagation();
      show();
    });
    input.addEventListener("change", (event) => event.stopPropagation());
    input.addEventListener("blur", () => {
      close();
      sayChosen();
    });
    group.addEventListener("change", () => setTimeout(sayChosen));
    input.addEventListener("keydown", (event) => {
      if (event.key === "Escape" && !list.hidden) {
        event.preventDefault();
        close();
      } else if (event.key === "ArrowDown" || event.key === "ArrowUp") {
        event.preventDefault();
        if (list.hidden) show();
        if (found.length) mark((active + (event.key === "ArrowDown" ? 1 : active < 0 ? 0 : -1) + found.length) % found.length);
      } else if (event.key === "Enter") {
        // Never sends the form from here: the first place found is chosen where none is marked.
        event.preventDefault();
        if (!list.hidden && found.length) choose(found[Math.max(active, 0)]);
      }
    });
  };

  document.addEventListener("linked:ready", (event) => {
    if (event.target.dataset.searchLabel) setUp(event.target, event.detail);
  });
})();
