from odoo import _, api, fields, models
from odoo.exceptions import UserError
from odoo.tools.misc import format_date

from ..ledger.evidence_chain import contains, find_breaks, get_head
from ..services.chain_head import word_head
from ..services.company_chain import CompanyChain, describe_breaks
from ..tools.access import check_readable
from ..tools.window_action import window_action

# a part of the hash that nobody finds by chance
SHORTEST = 12


class CooperatorEvidenceComparison(models.TransientModel):
    """Compare the chain of evidence with what a paper or a mail says of it."""

    _name = "cooperator.evidence.comparison"
    _description = "Comparison of the chain of evidence with paper"

    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company
    )
    head = fields.Text(string="Today", compute="_compute_head")
    count = fields.Integer(string="Number of links", group_operator=False)
    hash = fields.Char(
        string="Hash of the last link",
        help="Its first 12 characters are enough.",
    )
    date = fields.Date(string="Date of the last link", help="If it is on the paper.")
    result = fields.Text(readonly=True)
    is_good = fields.Boolean(readonly=True)

    @api.depends("company_id")
    @api.depends_context("lang", "tz")
    def _compute_head(self):
        for comparison in self:
            comparison.head = word_head(
                comparison.company_id, self.env, self._get_timezone()
            ) or _("The chain of evidence has no link yet.")

    def _get_timezone(self):
        return self.env.context.get("tz") or self.env.user.tz or "UTC"

    def action_compare(self):
        """Say whether the chain still contains what the paper says.

        :raises UserError: the number of links or the hash is missing
        """
        self.ensure_one()
        check_readable(self)
        beginning = "".join((self.hash or "").lower().split())
        if self.count < 1 or len(beginning) < SHORTEST:
            raise UserError(
                _(
                    "Type in the number of links and at least %s characters of the hash, "
                    "as they are on the paper.",
                    SHORTEST,
                )
            )
        return self._show(*self._compare(beginning))

    def action_prove_chain(self):
        """Compute all hashes of the company's evidence again, and say what was changed."""
        self.ensure_one()
        check_readable(self)
        found = CompanyChain(self.company_id).find_findings()
        words = self.env["cooperator.register.finding"]
        sentences = [words._describe(finding) for finding in found]
        if sentences:
            return self._show(False, "\n".join(sentences))
        return self._show(True, _("Nothing was changed in the evidence."))

    def _show(self, is_good, result):
        self.write({"is_good": is_good, "result": result})
        return window_action(self, _("Compare with paper"), target="new", context={})

    def _compare(self, beginning):
        """Compare the chain with the paper.

        :param beginning: the first characters of the hash
        :return: whether it is right, and a sentence
        """
        links = CompanyChain(self.company_id).load_links()
        is_contained = contains(links, self.count, beginning)
        if is_contained is None:
            return False, _(
                "The chain of evidence of %(company)s has no link %(count)s, its last one "
                "is %(last)s: links were taken away, or the paper is of another database.",
                company=self.company_id.name,
                count=self.count,
                last=get_head(links).count,
            )
        before = [link for link in links if link.number <= self.count]
        last = before[-1]
        if not is_contained:
            return False, _(
                "Link %(count)s of the chain of evidence of %(company)s has the hash "
                "%(hash)s, not the one on the paper: what was kept until then was "
                "changed, or the paper is of another database.",
                company=self.company_id.name,
                count=self.count,
                hash=last.hash,
            )
        broken = find_breaks(before, get_head(before))
        if broken:
            return False, "\n".join(describe_breaks(self.env, broken))
        return self._compare_date(last, len(links) - len(before))

    def _compare_date(self, last, added):
        """Compare the date of the last link on the paper, if there is one.

        :param added: how many links were added since
        """
        at = fields.Datetime.context_timestamp(
            self.with_context(tz=self._get_timezone()),
            fields.Datetime.to_datetime(last.at),
        )
        day = format_date(self.env, at.date())
        if self.date and self.date != at.date():
            return False, _(
                "Link %(count)s has the hash on the paper, but is of %(day)s.",
                count=self.count,
                day=day,
            )
        return True, _(
            "The chain of evidence still contains what is on the paper: link %(count)s of "
            "%(day)s. Links added since: %(added)s.",
            count=self.count,
            day=day,
            added=added,
        )
