from odoo import SUPERUSER_ID, api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL, plaintext2html

from ...policy import coverage
from ..base.facts import ASKABLE, FACTS, TICKET_FACTS, policy_value, stored_value


class HelpdeskTicket(models.Model):
    """A request from the portal: what is asked, what it will cost, and why.

    The preview is the verdict of the ticket that would be made: one function, so
    that what was shown before sending and what is stored cannot differ.
    """

    _inherit = "helpdesk.ticket"

    request_key = fields.Char(
        copy=False,
        readonly=True,
        help="Of the form that made this request: sent twice, it makes one ticket.",
    )

    _one_ticket_for_a_form = models.UniqueIndex(
        "(partner_id, request_key) WHERE request_key IS NOT NULL",
        "This request was sent already.",
    )

    # ------------------------------------------------------------------
    # BUSINESS: the request
    # ------------------------------------------------------------------

    @api.model
    def _portal_questions(self, pbx, category, answers):
        """Facts to ask the customer for, in order (see ``facts_that_matter``).

        :param answers: ``{fact: value}`` as the policy names and types them
        """
        plan = pbx and pbx._running_plan()
        if not plan or not category.change_scope or category.outside_plan:
            return ()
        kind = coverage.Request(
            **{
                name: policy_value(category[fact.default])
                for name, fact in FACTS.items()
                if fact.default and not fact.usual
            }
        )
        table = plan._coverage_table(pbx.company_id._service_today(), pbx)
        return coverage.facts_that_matter(
            table, kind, coverage.Request(**answers), ASKABLE
        )

    @api.model
    def _prepare_portal_request_vals(self, partner, pbx, category, answers, **texts):
        """Values of a request, from the preview and from the form alike.

        Customer and company come from who asks, the plan and the verdict from the
        PBX: nothing of that is taken from the browser. Answers to questions that
        were not asked count for nothing.

        :param answers: ``{fact: value}``, None for "I do not know"
        :param texts: ``name``, ``description`` (plain text), ``customer_reference``
        """
        company = pbx.company_id or self.env.company
        asked = self._portal_questions(pbx, category, answers)
        facts = {
            fact.field: category[fact.default]
            for fact in TICKET_FACTS.values()
            if fact.default
        }
        for name in asked:
            facts[FACTS[name].field] = stored_value(answers.get(name))
        return {
            "partner_id": partner.id,
            "partner_name": partner.name,
            "partner_email": partner.email,
            "company_id": company.id,
            "category_id": category.id,
            "about_pbx": not category.outside_plan,
            "pbx_id": False if category.outside_plan else pbx.id,
            "user_id": False,
            **facts,
            **texts,
        }

    @api.model
    def _create_portal_request(self, partner, pbx, category, answers, **texts):
        """The ticket of a request. In sudo: customers write nothing but this."""
        vals = self._prepare_portal_request_vals(
            partner, pbx, category, answers, **texts
        )
        team = self.env["helpdesk.ticket.team"]
        channel = self.env.ref(
            "helpdesk_mgmt.helpdesk_ticket_channel_web", raise_if_not_found=False
        )
        vals.update(
            description=plaintext2html(texts["description"]),
            channel_id=channel.id if channel else False,
            # Set, or the base sends no confirmation.
            stage_id=team.sudo()._get_applicable_stages()[:1].id,
        )
        ticket = (
            self.sudo()
            .with_company(vals["company_id"])
            .with_context(mail_create_nosubscribe=True)
            .create(vals)
        )
        ticket.promise = ticket._promise()
        ticket.message_subscribe(partner_ids=partner.ids)
        ticket._confirm_request()
        return ticket

    @api.model
    def _portal_preview(self, partner, pbx, category, answers):
        """The verdict on a request before it is sent: what `_decide` says of the
        ticket that sending would make."""
        vals = self._prepare_portal_request_vals(partner, pbx, category, answers)
        ticket = self.sudo().with_company(vals["company_id"]).new(vals)
        questions = self._portal_questions(pbx, category, answers)
        return dict(
            ticket._portal_verdict(),
            questions=list(questions),
            asks=self._portal_asks_for(category),
            answers={name: stored_value(answers[name]) or "" for name in questions},
        )

    @api.model
    def _portal_requests_exceeded(self, partner=None, company=None):
        """Whether this person asked as much within the hour as the company allows,
        requests and questions about invoice lines together; 0 means no limit.

        Whoever asks many times at once is heard one request after the other, each when
        the one before it is stored.

        :param partner: who asks, for visitors by link: they all share one user
        """
        limit = (company or self.env.company).sudo().service_request_limit
        if not limit:
            return False
        person = partner or self.env.user.partner_id
        self.env.cr.execute(
            SQL(
                "SELECT pg_advisory_xact_lock(hashtext(%s), %s)",
                "nox_voip_service.request",
                person.id,
            )
        )
        if self._portal_requests_made(person, limit) >= limit:
            return True
        # This transaction does not see what others stored since it began.
        with self.env.registry.cursor() as cr:
            now = self.with_env(self.env(cr=cr))
            return now._portal_requests_made(person.with_env(now.env), limit) >= limit

    @api.model
    def _portal_requests_made(self, person, limit):
        """How much this person asked within the hour, counted up to the limit."""
        user = self.env.user
        recent = Domain(
            "create_date",
            ">",
            fields.Datetime.subtract(fields.Datetime.now(), hours=1),
        )
        # The portal asks as the system does; what a colleague notes does not count.
        asker = Domain("partner_id", "=", person.id) & Domain(
            "create_uid", "in", (user.id, SUPERUSER_ID)
        )
        made = (
            self.env["nox.invoice.dispute"]
            .sudo()
            .search_count(recent & asker, limit=limit)
        )
        if not user._is_public():
            own = recent & Domain("create_uid", "=", user.id)
            made += self.sudo().search_count(own, limit=limit)
        return made

    @api.model
    def _portal_exceeded_message(self):
        return self.env._(
            "You sent many requests within the hour. Please send this one later, or"
            " call us."
        )

    # ------------------------------------------------------------------
    # BUSINESS: the verdict in words
    # ------------------------------------------------------------------

    def _portal_verdict(self):
        """Headline, reason and price of a request, for the customer."""
        self.ensure_one()
        values = {
            "coverage": self.coverage,
            "plan": self.plan_id.name or "",
            "reason": self.coverage_reason or "",
        }
        headline, notes = self._promise_texts(self._promise())
        return dict(values, headline=headline, notes=notes)

    # ------------------------------------------------------------------
    # BUSINESS: facts that the customer fills in afterwards
    # ------------------------------------------------------------------

    def _portal_missing(self):
        """What the customer can still tell about this request, in order: codes of
        the policy. Empty when nothing is asked or nothing can change any more."""
        self.ensure_one()
        if (
            self.coverage != "undecided"
            or self.stage_id.closed
            or self.stage_id.outcome
            or self.is_overridden
        ):
            return []
        missing = (self.coverage_missing or "").split(",")
        if "pbx" in missing and not self._portal_pbxs():
            missing.remove("pbx")
        if "pbx" in missing and not self.category_id:
            # Not missing yet without a plan, but one answer then settles more.
            missing.append("scope")
        # The kind of change may tell the rest.
        names = ("pbx", "scope") if "scope" in missing else ("pbx", *ASKABLE)
        return [name for name in names if name in missing]

    def _portal_pbxs(self):
        """The PBXs that a request of this customer can be about."""
        self.ensure_one()
        customer = self.commercial_partner_id
        if not customer:
            return self.env["nox.pbx"]
        return (
            self.env["nox.pbx"]
            .sudo()
            .search(
                [
                    ("commercial_partner_id", "=", customer.id),
                    ("company_id", "=", self.company_id.id),
                ]
            )
        )

    def _portal_answer(self, pbx=None, category=None, answers=None):
        """Store the customer's answers to the facts that are missing; the verdict
        follows at once. Facts that were not asked for stay as they are.

        :param answers: ``{fact: value}``, None for "I do not know"
        """
        self.ensure_one()
        missing = self._portal_missing()
        vals = {}
        if "pbx" in missing and pbx and pbx in self._portal_pbxs():
            vals["pbx_id"] = pbx.id
        if "scope" in missing and category:
            vals["category_id"] = category.id
        for name, value in (answers or {}).items():
            if name in missing and value is not None:
                vals[FACTS[name].field] = stored_value(value)
        if vals:
            self.sudo().write(vals)
        return bool(vals)

    @api.model
    def _portal_answer_options(self):
        """``{fact: (question, [(value, label)])}`` for the forms; the values are
        what a browser sends back."""
        return {
            name: (
                self.env._(FACTS[name].question),
                self._fields[FACTS[name].field]._description_selection(self.env),
            )
            for name in ASKABLE
        }

    @api.model
    def _portal_read_answers(self, form, category=None):
        """Answers of a browser as the policy types them; whatever is not one of
        the options is "I do not know". Without an answer to where, the place that is
        usual for the kind of change counts."""
        answers = {}
        for name, (_question, options) in self._portal_answer_options().items():
            value = form.get(name)
            if value is None and FACTS[name].usual and category:
                value = category[FACTS[name].default]
            if not isinstance(value, str) or value not in dict(options):
                value = None
            answers[name] = policy_value(value)
        return answers
