/* Shows the fields that apply to the present choices, and hides and disables the others.

   [data-applies-when]   "name=value", "name=one,other" (any of them), "name!=value", "name=*" (anything given);
                         several conditions joined by "&" must all hold. The name is that of a control in the same
                         form; with several boxes ticked, one match is enough.

   A field that does not apply is hidden and disabled: it is not sent, and the server clears its answer. Its text
   comes back when the choice is changed back. In a row of a group (a name such as websites-0-url) a condition that begins with
   "." looks in the same row: ".kind=web".
*/
(() => {
  "use strict";

  const valuesOf = (form, name) => {
    const found = [];
    for (const control of form.elements) {
      if (control.name !== name || control.closest("[data-applies-when][hidden]")) continue;
      if ((control.type === "checkbox" || control.type === "radio") && !control.checked) continue;
      if (control.selectedOptions) found.push(...[...control.selectedOptions].map((option) => option.value));
      else found.push(control.value);
    }
    return found.filter((value) => value !== "");
  };

  const rowPrefix = (element) => {
    const row = element.closest("[data-repeat-row]");
    const named = row && row.querySelector("[name]");
    return named ? named.name.slice(0, named.name.lastIndexOf("-") + 1) : "";
  };

  const holds = (element, form, condition) => {
    const parts = /^\s*([^!=]+?)\s*(!?=)\s*(.*?)\s*$/.exec(condition);
    if (!parts) return true;
    const name = parts[1].startsWith(".") ? rowPrefix(element) + parts[1].slice(1) : parts[1];
    const given = valuesOf(form, name);
    const wanted = parts[3].split(",");
    const matches = parts[3] === "*" ? given.length > 0 : given.some((value) => wanted.includes(value));
    return parts[2] === "=" ? matches : !matches;
  };

  const refresh = (form) => {
    for (const element of form.querySelectorAll("[data-applies-when]")) {
      const applies = element.dataset.appliesWhen.split("&").every((each) => holds(element, form, each));
      element.hidden = !applies;
    }
    for (const control of form.querySelectorAll("[data-applies-when] :is(input, select, textarea, button)")) {
      const out = Boolean(control.closest("[data-applies-when][hidden]"));
      if (out && !control.disabled) {
        control.disabled = true;
        control.dataset.notApplying = "yes";
      } else if (!out && control.dataset.notApplying) {
        control.disabled = false;
        delete control.dataset.notApplying;
      }
    }
  };

  const setUp = (root) => {
    for (const form of root.querySelectorAll("form")) {
      refresh(form);
      form.addEventListener("change", () => refresh(form));
      form.addEventListener("autosave:saved", () => refresh(form));
      form.addEventListener("repeat:added", () => refresh(form));
    }
  };
  setUp(document);
  document.addEventListener("page:replaced", (event) => setUp(event.detail));
})();
