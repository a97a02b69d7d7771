/* Fills in the kind of a main chain from the chain that was chosen; it can be chosen otherwise.

   select[data-usual]   JSON: the usual kind by the value of the choice, {"bitcoin": "public"}. The controls of the kind
                        have the same name with "kind" as its last part: main_chains-0-chain, main_chains-0-kind.
                        data-usual-otherwise is the kind for a choice that is not among them.

   A kind that was chosen by hand stays. The server fills in the same when the form is saved without scripts.
*/
(() => {
  "use strict";

  const kindsOf = (select) => {
    const name = select.name.replace(/[^-]+$/, "kind");
    return [...select.form.elements].filter((control) => control.name === name);
  };

  const fill = (select) => {
    const kinds = kindsOf(select);
    const chosen = kinds.find((control) => control.checked);
    if (chosen && !chosen.dataset.filledIn) return;
    const usual = JSON.parse(select.dataset.usual)[select.value] || select.dataset.usualOtherwise || "";
    for (const control of kinds) {
      control.checked = Boolean(select.value) && control.value === usual;
      if (control.checked) control.dataset.filledIn = "yes";
      else delete control.dataset.filledIn;
    }
  };

  document.addEventListener(
    "change",
    (event) => {
      if (event.target.matches("select[data-usual]")) fill(event.target);
      else if (event.isTrusted && event.target.matches('input[type="radio"][name$="-kind"]')) {
        for (const control of event.target.form.elements) {
          if (control.name === event.target.name) delete control.dataset.filledIn;
        }
      }
    },
    // Before the form's own listeners look at the choice.
    true,
  );
})();
