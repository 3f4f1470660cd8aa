import { Interaction } from "@web/public/interaction";
import { registry } from "@web/core/registry";
import { rpc } from "@web/core/network/rpc";

/**
 * A new request: the verdict beside the form, live. The server decides; this shows
 * what it says, asks what it wants to know, and filters the catalogue.
 */
export class ServiceRequest extends Interaction {
    static selector = ".o_nox_request";
    dynamicContent = {
        _root: {
            "t-on-change": this.onChange,
            "t-on-submit": this.onSubmit,
        },
        ".o_nox_search": { "t-on-input": this.onSearch },
        ".o_nox_search input": {
            // Enter in the search box would send the form.
            "t-on-keydown": (ev) => ev.key === "Enter" && ev.preventDefault(),
        },
        _window: {
            // Back from the next page: the button works again.
            "t-on-pageshow": () => {
                this.sendButton.disabled = false;
                this.showFiles();
            },
        },
    };

    setup() {
        this.panel = this.el.querySelector(".o_nox_verdict > div");
        this.files = this.el.querySelector(".o_nox_file input");
        this.chosenFiles = this.el.querySelector(".o_nox_chosen");
        this.noFiles = this.chosenFiles.textContent;
        this.sendButton = this.el.querySelector(".o_nox_send");
        this.asked = 0;
    }

    start() {
        this.el.querySelector(".o_nox_search").hidden = false;
        this.files.nextElementSibling.hidden = false;
        this.files.classList.add("o_nox_unseen");
        const chosen = this.el.querySelector("input[name=kind]:checked");
        if (chosen) {
            // The list scrolls by itself; what is chosen may stand far down.
            const kind = chosen.closest(".o_nox_kind");
            kind.parentElement.scrollTop = kind.offsetTop - kind.parentElement.offsetTop;
            this.update();
        }
    }

    onChange(ev) {
        const { name } = ev.target;
        if (name === "kind") {
            this.forgetUsualAnswers();
        } else if (ev.target.closest(".o_nox_question")) {
            delete ev.target.closest(".o_nox_question").dataset.usual;
        } else if (name === "attachment") {
            this.showFiles();
            return;
        } else if (name !== "pbx") {
            return;
        }
        this.update();
    }

    onSubmit() {
        this.sendButton.disabled = true;
    }

    /** What the browser says of the files, in the language of the page. */
    showFiles() {
        const names = [...this.files.files].map((file) => file.name);
        this.chosenFiles.textContent = names.join(", ") || this.noFiles;
    }

    onSearch(ev) {
        const words = fold(ev.target.value).split(/\s+/).filter(Boolean);
        let found = 0;
        for (const kind of this.el.querySelectorAll(".o_nox_kind")) {
            const text = fold(kind.textContent);
            const chosen = kind.querySelector("input").checked;
            kind.hidden = !chosen && !words.every((word) => text.includes(word));
            found += kind.hidden ? 0 : 1;
        }
        this.el.querySelector(".o_nox_nothing").hidden = found > 0;
    }

    /** An answer that the kind of change gave is not the customer's. */
    forgetUsualAnswers() {
        for (const question of this.el.querySelectorAll(".o_nox_question[data-usual]")) {
            this.forgetAnswer(question);
        }
    }

    forgetAnswer(question) {
        question.querySelectorAll("input").forEach((input) => (input.checked = false));
        delete question.dataset.usual;
    }

    /** What is chosen; the server looks at nothing else. */
    choices() {
        const choices = {};
        const questions = this.el.querySelectorAll(".o_nox_question");
        const names = [...questions].map((question) => question.dataset.name);
        for (const [name, value] of new FormData(this.el)) {
            if (["pbx", "kind", ...names].includes(name)) {
                choices[name] = value;
            }
        }
        return choices;
    }

    async update() {
        const asked = ++this.asked;
        this.panel.setAttribute("aria-busy", "true");
        let preview = {};
        try {
            preview = await this.waitFor(
                rpc("/my/telephony/request/preview", this.choices(), { silent: true })
            );
        } catch {
            // Without an answer the form still works: the verdict is on the next page.
            preview = {};
        }
        if (asked === this.asked) {
            this.show(preview);
        }
    }

    show(preview) {
        const known = Boolean(preview.coverage);
        this.panel.dataset.coverage = preview.coverage || "";
        this.panel.querySelector(".o_nox_unknown").hidden = known;
        for (const name of ["headline", "reason", "plan"]) {
            const element = this.panel.querySelector(`.o_nox_${name}`);
            element.textContent = preview[name] || "";
            element.hidden = !preview[name];
        }
        const notes = (preview.notes || []).filter(Boolean).map((note) => {
            const item = document.createElement("li");
            item.textContent = note;
            return item;
        });
        this.panel.querySelector(".o_nox_notes").replaceChildren(...notes);
        if (known) {
            this.ask(preview.questions, preview.answers);
            this.askDetails(preview.asks);
        }
        this.panel.setAttribute("aria-busy", "false");
    }

    /** What a kind of change wants to know beside the verdict: whom to call, who leaves. */
    askDetails(asks) {
        for (const detail of this.el.querySelectorAll(".o_nox_detail")) {
            detail.hidden = detail.disabled = !asks.includes(detail.dataset.asks);
        }
    }

    /** Show the questions that matter, with the answer that the server assumed. */
    ask(questions, answers) {
        for (const question of this.el.querySelectorAll(".o_nox_question")) {
            const { name } = question.dataset;
            const matters = questions.includes(name);
            question.hidden = question.disabled = !matters;
            if (!matters) {
                // It would come back as an answer that the verdict does not know of.
                this.forgetAnswer(question);
            } else if (!question.querySelector("input:checked")) {
                const usual = [...question.querySelectorAll("input")].find(
                    (input) => input.value === answers[name]
                );
                usual.checked = true;
                question.dataset.usual = "1";
            }
        }
    }
}

/** Lower case without accents: "Café" is found by "cafe". */
function fold(text) {
    return text.normalize("NFD").replace(/\p{Diacritic}/gu, "").toLowerCase();
}

registry.category("public.interactions").add("nox_voip_service.service_request", ServiceRequest);
