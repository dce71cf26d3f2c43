/* While somebody new is typed: who in sight is likely the same person. Without this the server tells after sending. */
(function () {
  "use strict";

  const WAIT_MS = 600;
  const ASKED = ["csrf_token", "cpr", "name", "birth_date", "birth_date-dag", "birth_date-maaned", "birth_date-aar"];

  function watch(list) {
    const form = list.closest("form");
    const tick = form.querySelector(".alike-tick");
    let timer = null;
    let asked = "";

    form.addEventListener("input", function (event) {
      if (ASKED.includes(event.target.name)) {
        window.clearTimeout(timer);
        timer = window.setTimeout(ask, WAIT_MS);
      }
    });

    async function ask() {
      const typed = typedIn(form);
      if (typed.toString() === asked) {
        return;
      }
      asked = typed.toString();
      try {
        const answer = await fetch(list.dataset.alike, { method: "POST", body: typed });
        if (answer.ok && asked === typed.toString()) {
          show(list, tick, await answer.json());
        }
      } catch {
        /* No connection: the server looks again when the form is sent. */
      }
    }
  }

  function typedIn(form) {
    const typed = new URLSearchParams();
    ASKED.forEach(function (name) {
      const control = form.elements[name];
      if (control) {
        typed.append(name, control.value);
      }
    });
    return typed;
  }

  function show(list, tick, found) {
    list.replaceChildren();
    tick.hidden = !found.length && !tick.querySelector("input").checked;
    if (!found.length) {
      return;
    }
    const heading = document.createElement("p");
    heading.textContent = found.length === 1 ? "Ligner en borger, der allerede findes:" : "Ligner borgere, der allerede findes:";
    const lines = document.createElement("ul");
    found.forEach(function (citizen) {
      lines.append(line(citizen));
    });
    list.append(heading, lines);
  }

  function line(citizen) {
    const link = document.createElement("a");
    link.href = citizen.url;
    link.target = "_blank";
    link.rel = "noopener";
    link.textContent = citizen.name;
    const hint = document.createElement("span");
    hint.className = "sr-only";
    hint.textContent = " (åbner i en ny fane)";
    link.append(hint);
    const item = document.createElement("li");
    item.append(link, ", " + citizen.number + (citizen.cases.length ? ", sag " + citizen.cases.join(", ") : ""));
    return item;
  }

  document.addEventListener("DOMContentLoaded", function () {
    document.querySelectorAll("[data-alike]").forEach(watch);
  });
})();
