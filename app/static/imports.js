// The import: says at once when a file is too large, and moves the bar while its rows are made into cases.
(function () {
  "use strict";

  const EVERY = 1000;

  function guardSize(box) {
    const form = box.closest("form");
    const input = form.querySelector("input[type=file]");
    form.addEventListener("submit", function (event) {
      const file = input.files[0];
      if (file && file.size > Number(box.dataset.mostBytes)) {
        event.preventDefault();
        event.stopPropagation();
        input.setCustomValidity(box.dataset.tooLarge);
        input.reportValidity();
      }
    });
    input.addEventListener("change", function () {
      input.setCustomValidity("");
    });
  }

  function follow(box, page) {
    const bar = box.querySelector("progress");
    const done = box.querySelector("[data-import-done]");
    box.hidden = false;
    window.setInterval(async function () {
      const answer = await fetch(box.dataset.importProgress, { headers: { Accept: "application/json" } });
      if (!answer.ok) {
        return;
      }
      const state = await answer.json();
      bar.value = state.done;
      done.textContent = String(state.done);
      if (page && state.state !== "i_gang") {
        window.location.assign(page);
      }
    }, EVERY);
  }

  document.querySelectorAll("[data-most-bytes]").forEach(guardSize);

  const box = document.querySelector("[data-import-progress]");
  if (box && box.hasAttribute("data-import-running")) {
    follow(box, box.dataset.importPage);
  }
  document.querySelectorAll("[data-import-run] form").forEach(function (form) {
    // The form is sent as ever; the bar moves until the answer replaces the page.
    form.addEventListener("submit", function () {
      follow(box, null);
    });
  });
})();
