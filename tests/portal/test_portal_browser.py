import json

from odoo.tests import tagged

from ..common_browser import DESK, PHONE, PortalBrowserCase

# Runs on the page of a new request. Picks every kind of change, and when `answering`
# every answer to every question that appears; tells what was chosen and shown.
PICK_ALL = """
(async (answering) => {
    const form = document.querySelector(".o_nox_request");
    const panel = form.querySelector(".o_nox_verdict > div");
    const pause = () => new Promise((done) => setTimeout(done, 10));
    const text = (name) => {
        const element = panel.querySelector(`.o_nox_${name}`);
        return element.hidden ? "" : element.textContent;
    };
    const steps = [];
    const questions = () =>
        [...form.querySelectorAll(".o_nox_question")].filter((each) => !each.hidden);
    async function pick(input) {
        if (input.checked) { return; }
        input.click();
        if (panel.getAttribute("aria-busy") !== "true") {
            throw new Error(`nothing was asked after ${input.name}=${input.value}`);
        }
        for (let tries = 0; panel.getAttribute("aria-busy") === "true"; tries++) {
            if (tries > 3000) { throw new Error("no answer in half a minute"); }
            await pause();
        }
        const choices = Object.fromEntries(
            [...new FormData(form)].filter(([, value]) => typeof value === "string")
        );
        steps.push({
            picked: [input.name, input.value],
            choices,
            coverage: panel.dataset.coverage,
            headline: text("headline"),
            reason: text("reason"),
            plan: text("plan"),
            notes: [...panel.querySelectorAll(".o_nox_notes li")].map(
                (note) => note.textContent
            ),
            questions: questions().map((each) => each.dataset.name),
            unknown: !panel.querySelector(".o_nox_unknown").hidden,
        });
    }
    for (const kind of form.querySelectorAll("input[name=kind]")) {
        await pick(kind);
        if (!answering) { continue; }
        for (const name of questions().map((each) => each.dataset.name)) {
            for (const option of form.querySelectorAll(`input[name=${name}]`)) {
                // An answer can make another question matter no more.
                if (!option.matches(":disabled")) { await pick(option); }
            }
        }
    }
    return steps;
})(%s)
"""

# The verdict is there, and what it says.
SETTLED = "document.querySelector('.o_nox_verdict [aria-busy=false]')"
HEADLINE = "document.querySelector('.o_nox_headline').textContent"


@tagged("standard", "post_install", "-at_install")
class TestPortalBrowser(PortalBrowserCase):
    """New request in a real browser, on a phone and on a desk, by mouse and by keys."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.setUpNox()
        cls.pbxs, cls.people = {}, {}
        for plan in (cls.standard, cls.contract_plan, cls.self_managed):
            pbx = cls._pbx(plan, customer=cls._customer(f"On {plan.code}"))
            cls.pbxs[plan.code] = pbx
            cls.people[plan.code] = cls._portal_person(
                pbx.partner_id, f"nox_on_{plan.code}"
            )
        Category = cls.env["helpdesk.ticket.category"]
        cls.kinds = Category.search(Category._request_domain(cls.company))

    def _expected(self, plan_code, choices):
        """What the server says of these choices of the form."""
        user = self.people[plan_code]
        Ticket = self.env["helpdesk.ticket"].with_user(user)
        kind = self.kinds.browse(int(choices["kind"]))
        preview = Ticket._portal_preview(
            user.partner_id,
            self.pbxs[plan_code].with_user(user),
            kind,
            Ticket._portal_read_answers(choices, kind),
        )
        return {
            "coverage": preview["coverage"],
            "headline": preview["headline"],
            "reason": preview["reason"],
            "plan": preview["plan"],
            "notes": [note for note in preview["notes"] if note],
            "questions": sorted(preview["questions"]),
            "unknown": False,
        }

    def _pick_all(self, size, answering):
        """``{plan: steps}``: every kind of change under every plan."""
        shown = {}
        with self._chromium("nox_on_standard", size) as page:
            for code in self.pbxs:
                page.login(f"nox_on_{code}")
                page.open("/my/telephony/request")
                page.wait("!document.querySelector('.o_nox_search')?.hidden")
                shown[code] = page.run(PICK_ALL % json.dumps(answering))
                self.assertEqual(page.overflow(), [])
        return shown

    def _check_shown(self, shown):
        """Compare with the server; return the facts that were answered."""
        answered = set()
        for code, steps in shown.items():
            picked = [value for name, value in map(_picked, steps) if name == "kind"]
            self.assertEqual(sorted(map(int, picked)), sorted(self.kinds.ids))
            for step in steps:
                name, value = _picked(step)
                choices = step.pop("choices")
                answered.add(name)
                kind = self.kinds.browse(int(choices["kind"]))
                with self.subTest(plan=code, kind=kind.name, choices=choices):
                    self.assertEqual(choices[name], value)
                    self.assertTrue(step["headline"])
                    step.pop("picked")
                    step["questions"].sort()
                    self.assertEqual(step, self._expected(code, choices))
        return answered

    def test_every_kind_under_every_plan_on_a_desk(self):
        """What the page shows while one chooses is the server's verdict, for every
        kind of change and for every answer to what is asked."""
        answered = self._check_shown(self._pick_all(DESK, answering=True))
        self.assertLessEqual({"kind", "location", "replaces_user"}, answered)

    def test_every_kind_under_every_plan_on_a_phone(self):
        self._check_shown(self._pick_all(PHONE, answering=False))

    def test_the_search_leaves_what_matches_in_sight(self):
        """By what a person sees, not by an attribute that a style can overrule."""
        in_sight = """[...document.querySelectorAll(".o_nox_kinds > *")]
            .filter((each) => each.checkVisibility())
            .map((each) => each.innerText.replaceAll(/\\s+/g, " ").trim())"""
        with self._chromium("nox_on_contract", PHONE) as page:
            page.open("/my/telephony/request")
            page.click("#nox_search")
            shown = {"": page.run(in_sight)}
            for words in ("VOICEMAIL", "voicemail mail", "zzz"):
                page.run("document.querySelector('#nox_search').select()")
                page.type(words)
                shown[words] = page.run(in_sight)
        self.assertEqual(len(shown[""]), len(self.kinds))
        self.assertLess(len(shown["VOICEMAIL"]), len(self.kinds) / 2)
        for words in ("VOICEMAIL", "voicemail mail"):
            self.assertTrue(shown[words])
            for text in shown[words]:
                for word in words.lower().split():
                    self.assertIn(word, text.lower())
        self.assertEqual(
            shown["zzz"], ['Nothing found. Clear the search and choose "Other".']
        )

    def test_chosen_files_are_named_in_the_words_of_the_page(self):
        """The browser's own words are in the language of the browser."""
        choose = """(() => {
            const [input, files] = [document.querySelector("#nox_attachment"), %s];
            const chosen = new DataTransfer();
            files.forEach((name) => chosen.items.add(new File(["x"], name)));
            input.files = chosen.files;
            input.dispatchEvent(new Event("change", {bubbles: true}));
        })()"""
        control = ".o_nox_file .input-group"
        at_its_middle = f"""(() => {{
            const control = document.querySelector("{control}");
            control.scrollIntoView({{block: "center", behavior: "instant"}});
            const box = control.getBoundingClientRect();
            const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
            return document.elementFromPoint(x, y).id;
        }})()"""
        with self._chromium("nox_on_contract", PHONE) as page:
            page.open("/my/telephony/request")
            page.wait(f"!document.querySelector('{control}').hidden")
            none = page.text(control)
            page.run(choose % json.dumps(["menu.txt", "hours.txt"]))
            two = page.text(control)
            clicked = page.run(at_its_middle)
            page.run(choose % "[]")
            again = page.text(control)
        self.assertEqual(none, "Choose files No files chosen")
        self.assertEqual(two, "Choose files menu.txt, hours.txt")
        self.assertEqual(clicked, "nox_attachment")
        self.assertEqual(again, none)

    def test_a_request_by_keys_alone(self):
        """Tab, arrows, Space and Enter: choose, answer, describe, send."""
        customer = self.pbxs["contract"].partner_id
        kind = self._category("add_user")
        radio = f"input[name=kind][value='{kind.id}']"
        with self._chromium("nox_on_contract") as page:
            page.open("/my/telephony/request")
            page.wait("!document.querySelector('.o_nox_search')?.hidden")
            page.tab_to("#nox_search")
            page.tab_to("input[name=kind]")
            page.press("Space")
            for _kind in self.kinds:
                if page.run(f'document.querySelector("{radio}").checked'):
                    break
                page.press("ArrowDown")
            page.wait(SETTLED)
            first = page.run(HEADLINE)
            page.tab_to("input[name=replaces_user]")
            # From "I do not know", the last, on to the first: yes.
            page.press("ArrowDown")
            page.wait(f"{SETTLED} && {HEADLINE} !== {json.dumps(first)}")
            settled = page.run(HEADLINE)
            page.tab_to("#nox_subject")
            page.type("A user for Kim")
            page.tab_to("#nox_description")
            page.type("Kim takes over extension 112.")
            page.tab_to(".o_nox_send")
            page.run("window.leaving = true")
            page.press("Enter")
            page.arrive()
            sent_to = page.run("location.pathname")
        self.assertEqual(first, "We will look and tell you before we start")
        self.assertEqual(settled, "Included: this costs you nothing extra")
        ticket = self.env["helpdesk.ticket"].search(
            [("commercial_partner_id", "=", customer.id)]
        )
        self.assertEqual(sent_to, f"/my/ticket/{ticket.id}")
        self.assertState(
            ticket,
            name="A user for Kim",
            category_id=kind,
            replaces_user="yes",
            coverage="covered",
        )
        self.assertIn("Kim takes over extension 112.", ticket.description)


def _picked(step):
    return tuple(step["picked"])
