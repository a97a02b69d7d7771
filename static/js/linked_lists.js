/* Linked lists for choosing a place: province, prefecture, county.

   [data-linked-lists]            around the lists; data-linked-source is the id of a JSON script element, or
                                  data-linked-url an address of the same origin. Either holds
                                  [{"code": "440000", "name": "…", "children": [{…}]}].
   select[data-linked-level]      one a level, from 0; its first option has an empty value and stays
   input[data-linked-value]       receives the code of the deepest list, or "" while a list below is still open
                                  gets "linked:choose" with a code that follows from another answer, "linked:put" with one that
                                  somebody chose elsewhere on the page
   [data-linked-field]            around each list; hidden while its list has nothing to offer (a city without
                                  counties ends at the prefecture)
   Once the lists are joined the group gets "linked:ready", whose detail is the tree (place_search.js).
   [data-linked-refresh]          the button that asks the server for the next list when scripts do not run; removed
*/
(() => {
  "use strict";

  const fill = (select, places) => {
    const first = select.options[0];
    const chosen = select.value;
    select.replaceChildren(first, ...places.map((place) => new Option(place.name, place.code)));
    select.value = places.some((place) => place.code === chosen) ? chosen : "";
    select.disabled = places.length === 0;
    const field = select.closest("[data-linked-field]");
    if (field) field.hidden = places.length === 0;
  };

  const link = (group, tree) => {
    const selects = [...group.querySelectorAll("select[data-linked-level]")].sort(
      (one, other) => one.dataset.linkedLevel - other.dataset.linkedLevel,
    );
    const output = group.querySelector("input[data-linked-value]");

    const refresh = () => {
      let places = tree;
      let code = "";
      for (const select of selects) {
        fill(select, places);
        if (places.length === 0) continue;
        const place = places.find((each) => each.code === select.value);
        code = place ? place.code : "";
        places = place ? place.children || [] : [];
      }
      if (output && output.value !== code) {
        output.value = code;
        output.dispatchEvent(new Event("input", { bubbles: true }));
      }
    };

    const put = (code) => {
      for (const [level, digits] of [2, 4, 6].entries()) {
        const select = selects[level];
        if (!select || select.disabled) break;
        const option = [...select.options].find((each) => each.value === code.slice(0, digits).padEnd(6, "0"));
        if (!option) break;
        select.value = option.value;
        refresh();
      }
    };

    refresh();
    for (const select of selects) select.addEventListener("change", refresh);
    // A place that follows from another answer, as deep as it goes; where somebody has chosen, that stands.
    let followed = "";
    if (output) {
      output.addEventListener("linked:choose", (event) => {
        const chosen = selects.map((select) => select.value).join("");
        if (chosen !== followed) return;
        put(event.detail);
        followed = selects.map((select) => select.value).join("");
      });
      output.addEventListener("linked:put", (event) => put(event.detail));
    }
    for (const button of group.querySelectorAll("[data-linked-refresh]")) button.remove();
    group.dispatchEvent(new CustomEvent("linked:ready", { bubbles: true, detail: tree }));
  };

  const setUp = (root) => {
    for (const group of root.querySelectorAll("[data-linked-lists]")) {
      const source = document.getElementById(group.dataset.linkedSource || "");
      if (source) {
        link(group, JSON.parse(source.textContent));
      } else if (group.dataset.linkedUrl) {
        // If loading fails, the button that asks the server for the next list is still there.
        fetch(group.dataset.linkedUrl, { headers: { Accept: "application/json" } })
          .then((answer) => (answer.ok ? answer.json() : Promise.reject(answer)))
          .then((tree) => link(group, tree))
          .catch(() => undefined);
      }
    }
  };
  setUp(document);
  document.addEventListener("page:replaced", (event) => setUp(event.detail));
})();
