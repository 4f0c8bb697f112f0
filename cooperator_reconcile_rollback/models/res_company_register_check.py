from odoo import api, models

from ..books.table_read import read_table, select
from ..ledger.check import Books, Match, check, left_gaps
from ..ledger.holding import Holding
from ..ledger.numbering import Shift
from .mail_mail import HELD
from .reconciliation_rollback import ENDED_STATES

LEFT_GAPS = """
    SELECT
        plan::json->%(gaps)s AS gaps,
        plan::json->%(shifts)s AS shifts
    FROM reconciliation_rollback
    WHERE company_id = %(company)s AND state = 'done'
    ORDER BY done_at, id
"""
DECIDED = """
    SELECT
        COALESCE(line.reclassification_move_id, line.payment_move_id) AS payment,
        line.right_move_id AS request
    FROM reconciliation_rollback_line line
    JOIN reconciliation_rollback rollback ON rollback.id = line.rollback_id
    WHERE rollback.company_id = %s AND rollback.state = 'done'
        AND line.right_move_id IS NOT NULL
"""
HOLDING_MAIL = """
    SELECT id FROM reconciliation_rollback rollback
    WHERE company_id = %(company)s AND state IN %(ended)s AND (
        mail_held OR EXISTS (
            SELECT 1 FROM mail_mail mail
            WHERE mail.reconciliation_rollback_id = rollback.id
                AND mail.state = %(held)s
        )
    )
    ORDER BY id
"""


class ResCompany(models.Model):
    """Checking a company's register (requirement V4)."""

    _inherit = "res.company"

    @api.model
    def _get_companies_with_register(self):
        """The companies that have an operation."""
        self.env.cr.execute("SELECT DISTINCT company_id FROM subscription_register")
        return self.browse(sorted(company for (company,) in self.env.cr.fetchall()))

    def _check_register(self):
        """What is wrong or suspicious in the company's books.

        :return: a list of :class:`~..ledger.finding.Finding`
        """
        self.ensure_one()
        return check(self._load_books())

    def _load_books(self):
        """All that the register check looks at, with a fixed number of queries.

        :return: :class:`~..ledger.check.Books`
        """
        self.ensure_one()
        matches = self._load_matches()
        waiting = read_table(
            self.env["reconciliation.rollback.postponed"],
            ["move_id"],
            "company_id = %s AND state = 'waiting'",
            (self.id,),
        )
        decided = select(self.env, DECIDED, (self.id,))
        holding_mail = select(
            self.env,
            HOLDING_MAIL,
            {"company": self.id, "ended": ENDED_STATES, "held": HELD},
        )
        return Books(
            register=self._load_register(),
            holdings=self._load_all_holdings(),
            requests=self._load_requests(matches),
            operation_requests=self._load_operation_requests(),
            matches=[
                self._prepare_match(match)
                for match in matches
                if match.payment_type == "entry"
            ],
            waiting={row.move_id for row in waiting},
            decided={(row.payment, row.request) for row in decided},
            operation_gaps=self._load_left_gaps("operation"),
            cooperator_gaps=self._load_left_gaps("cooperator"),
            holding_mail=[row.id for row in holding_mail],
        )

    def _load_all_holdings(self):
        """Everyone's :class:`~..ledger.holding.Holding` by partner id."""
        self.ensure_one()
        lines = self._load_share_lines()
        names = ["partner_id", "member", "old_member", "cooperator_register_number"]
        memberships = {
            values.partner_id: (
                bool(values.member),
                bool(values.old_member),
                values.cooperator_register_number or None,
            )
            for values in read_table(
                self.env["cooperative.membership"], names, "company_id = %s", (self.id,)
            )
        }
        holdings = {}
        for partner in dict.fromkeys([*memberships, *lines]):
            member, old_member, number = memberships.get(partner, (False, False, None))
            holdings[partner] = Holding(
                partner=partner,
                lines=tuple(line for _id, line in lines.get(partner, ())),
                member=member,
                old_member=old_member,
                number=number,
            )
        return holdings

    def _load_left_gaps(self, kind):
        """The numbers that rollbacks have left unused.

        :param kind: ``operation`` or ``cooperator``
        """
        corrections = select(
            self.env,
            LEFT_GAPS,
            {"company": self.id, "gaps": f"{kind}_gaps", "shifts": f"{kind}_shifts"},
        )
        return left_gaps(
            (row.gaps, [Shift(**shift) for shift in row.shifts]) for row in corrections
        )

    def _prepare_match(self, match):
        texts = [match.ref, match.reference]
        # Odoo names a statement line's item after the request that it is matched with
        texts.append(match.communication or match.label)
        return Match(
            payment=match.payment,
            request=match.request,
            payer=match.payer,
            is_other_payer=match.is_other_payer,
            communication=" ".join(filter(None, texts)),
        )
