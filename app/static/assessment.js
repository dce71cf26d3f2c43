/* The draft of a risk assessment saves itself. Without this file the buttons save it. */
(function () {
  "use strict";

  const PAUSE_MS = 2000;
  const MOST_KEPT_ALIVE = 60000;
  const NOT_SAVED = "Ikke gemt endnu …";
  const UNREACHED = "Ikke gemt: ingen forbindelse. Vi prøver igen, når du skriver videre.";
  const SIGNED_OUT = "Ikke gemt: du er måske logget ud. Log ind i et nyt vindue, før du lukker dette.";

  const form = document.querySelector("[data-autosave]");
  if (!form) {
    return;
  }
  const state = form.querySelector("[data-state]");
  let timer = null;
  let changed = false;
  let stopped = false;
  let running = null;

  function say(message, unsaved) {
    state.textContent = message;
    state.classList.toggle("draft-unsaved", unsaved);
  }

  function later() {
    if (stopped) {
      return;
    }
    if (!changed) {
      changed = true;
      state.classList.remove("draft-unsaved");
      state.textContent = NOT_SAVED;
    }
    window.clearTimeout(timer);
    timer = window.setTimeout(save, PAUSE_MS);
  }

  /* One at a time: each answer carries the version that the next one is built on. */
  function save() {
    window.clearTimeout(timer);
    if (running || stopped || !changed) {
      return running || Promise.resolve();
    }
    changed = false;
    const body = new URLSearchParams(new FormData(form)).toString();
    running = fetch(form.dataset.autosave, {
      method: "POST",
      body: body,
      headers: { Accept: "application/json", "Content-Type": "application/x-www-form-urlencoded" },
      /* Survives that the phone is put away, as far as browsers let it. */
      keepalive: body.length < MOST_KEPT_ALIVE,
    })
      .then(function (response) {
        const json = (response.headers.get("Content-Type") || "").includes("application/json");
        if (!response.ok || !json) {
          throw new Error("signed out");
        }
        return response.json();
      })
      .then(tell)
      .catch(function (error) {
        changed = true;
        say(error.message === "signed out" ? SIGNED_OUT : UNREACHED, true);
      })
      .finally(function () {
        running = null;
        if (changed && !state.classList.contains("draft-unsaved")) {
          later();
        }
      });
    return running;
  }

  function tell(answer) {
    if (!answer.saved) {
      stopped = true;
      say(answer.message, true);
      return;
    }
    form.elements.version.value = answer.version;
    if (!changed) {
      say(answer.message, false);
    }
    form.querySelector("[data-answered]").textContent = answer.answered;
    Object.entries(answer.domains).forEach(function (entry) {
      const domain = form.querySelector('[data-domain="' + entry[0] + '"]');
      domain.querySelector("[data-progress]").textContent = entry[1].words;
      domain.querySelector("[data-done]").hidden = !entry[1].done;
      const carried = domain.querySelector("[data-carried]");
      if (carried) {
        carried.hidden = !entry[1].carried;
        carried.textContent = entry[1].carried + " overført";
      }
    });
  }

  /* What is touched is looked at: it counts as carried over no more. */
  function touch(item) {
    const mark = item && item.querySelector("[data-carried-mark]");
    if (mark && !mark.hidden) {
      mark.querySelector("input").checked = true;
      mark.hidden = true;
      item.classList.remove("item-carried");
    }
  }

  /* Another answer than last time does not come from where and when the last one came from. */
  function forgetSource(item) {
    if (item) {
      item.querySelector("select").value = "";
      item.querySelector("input[type=date]").value = "";
    }
  }

  form.addEventListener("input", function (event) {
    if (event.target.type !== "radio") {
      touch(event.target.closest(".item"));
      later();
    }
  });

  form.addEventListener("change", function (event) {
    const control = event.target;
    if (control.type === "radio" && ["delvist", "tydeligt"].includes(control.value)) {
      const more = control.closest(".item") && control.closest(".item").querySelector(".item-more");
      if (more) {
        more.open = true;
      }
    }
    if (control.type === "radio") {
      forgetSource(control.closest(".item-carried"));
    }
    touch(control.closest(".item"));
    later();
  });

  /* Choosing the same again changes nothing, and is still a look. A click comes before the change that it makes. */
  form.addEventListener("click", function (event) {
    if (event.target.type === "radio" && event.target.closest(".item-carried")) {
      window.setTimeout(function () {
        touch(event.target.closest(".item"));
        later();
      });
    }
  });

  form.addEventListener("focusout", function () {
    if (changed) {
      save();
    }
  });

  form.addEventListener("click", function (event) {
    const button = event.target.closest("button");
    if (!button) {
      return;
    }
    const domain = button.closest(".domain");
    if (button.dataset.next) {
      event.preventDefault();
      open(domain, document.getElementById(button.dataset.next));
    } else if (button.hasAttribute("data-confirm-all")) {
      event.preventDefault();
      domain.querySelectorAll(".item-carried").forEach(touch);
      button.hidden = true;
      open(null, domain);
      later();
    } else if (button.hasAttribute("data-rest-unknown")) {
      event.preventDefault();
      domain.querySelectorAll(".ratings").forEach(function (ratings) {
        if (!ratings.querySelector("input:checked")) {
          ratings.querySelector('input[value="uoplyst"]').checked = true;
        }
      });
      button.hidden = true;
      open(null, domain);
      later();
    }
  });

  function open(from, to) {
    if (from) {
      from.open = false;
    }
    to.open = true;
    to.scrollIntoView();
    to.querySelector("summary").focus({ preventScroll: true });
    save();
  }

  /* A button that leads on waits for what is under way, so that one's own saving is no stranger's. */
  form.addEventListener("submit", function (event) {
    window.clearTimeout(timer);
    if (running) {
      event.preventDefault();
      event.stopPropagation();
      const button = event.submitter;
      running.finally(function () {
        form.requestSubmit(button);
      });
      return;
    }
    changed = false;
    stopped = true;
  });

  document.addEventListener("visibilitychange", function () {
    if (document.visibilityState === "hidden") {
      save();
    }
  });

  window.addEventListener("beforeunload", function (event) {
    if (changed) {
      event.preventDefault();
    }
  });

  window.addEventListener("pageshow", function (event) {
    stopped = stopped && !event.persisted;
  });
})();
