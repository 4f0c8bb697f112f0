from odoo import _, api, fields, models
from odoo.exceptions import UserError

from ..books.register_reader import MEMBER, NEITHER, OLD_MEMBER
from ..ledger.opening_json import to_json
from ..tools import flags, series

STANDING = ("member", "old_member", "cooperator_register_number")


class CooperativeMembership(models.Model):
    _inherit = "cooperative.membership"

    opening_standing = fields.Selection(
        [
            (MEMBER, "Member"),
            (OLD_MEMBER, "Old member"),
            (NEITHER, "Neither"),
        ],
        readonly=True,
        copy=False,
        help="What the person was before the first operation of the register, where the "
        "cooperator number comes from no operation: it was imported or given by hand. A "
        "rollback leaves such a number alone.",
    )

    opening = fields.Text(
        readonly=True,
        copy=False,
        prefetch=False,
        groups="cooperator.cooperator_group_user",
        help="What the person had before the first operation of the register, as a fix has "
        "explained it.",
    )

    @api.model_create_multi
    def create(self, vals_list):
        memberships = super().create(vals_list)
        # sudo: whoever makes memberships; a value can also come from a default
        for membership in memberships.sudo().filtered("opening"):
            membership._check_opening(["opening"])
        memberships._keep_opening_standing(set().union(*vals_list))
        return memberships

    def write(self, vals):
        self._check_opening(vals)
        res = super().write(vals)
        self._keep_opening_standing(vals)
        return res

    def _set_opening(self, opening):
        """Keep what the person had before the first operation.

        :param opening: :class:`~..ledger.opening.Opening`
        """
        self.with_context(**flags.ACTION.set()).opening = to_json(opening)

    def _check_opening(self, names):
        """:raises UserError: somebody sets an opening by hand"""
        if "opening" in names and not flags.ACTION.get(self.env.context):
            raise UserError(
                _(
                    "What %s had before the first operation is kept with the fix that "
                    "explains it: use the button of its finding, under Register check.",
                    ", ".join(self.mapped("partner_id.display_name")),
                )
            )

    def _keep_opening_standing(self, names):
        """Keep what people are who have a number, but no operation.

        Cooperator gives numbers while it registers an operation, and a rollback while it
        corrects one. Whatever else gives one imports members, or is a person at work.

        :param names: of the fields that were written
        """
        if not set(names).intersection(STANDING):
            return
        if flags.HOLDER.get(self.env.context):
            return
        known_open = self.env["cooperator.register.lock"]._get_known_open()
        written = self.filtered(lambda m: m.company_id.id not in known_open)
        if not written:
            return
        # sudo: whoever imports members may not read the register
        register = self.env["subscription.register"].sudo()
        people = written.partner_id.ids
        lines = register.search(
            [
                ("company_id", "in", written.company_id.ids),
                "|",
                ("partner_id", "in", people),
                ("partner_id_to", "in", people),
            ]
        )
        known = {(line.company_id, line.partner_id) for line in lines}
        known.update((line.company_id, line.partner_id_to) for line in lines)
        for membership in written:
            if (membership.company_id, membership.partner_id) not in known:
                standing = membership._get_standing()
                if membership.opening_standing != standing:
                    membership.opening_standing = standing

    def _get_standing(self):
        """What the person is now; ``False`` without a number."""
        self.ensure_one()
        if not self.cooperator_register_number:
            return False
        if self.member:
            return MEMBER
        return OLD_MEMBER if self.old_member else NEITHER

    def _clear_cooperator_register_number(self):
        """Clear the numbers.

        The ORM stores a cleared Integer as 0, which 16.0's unique constraint on
        (company, number) allows only once: without a number it has to be NULL.
        """
        if not self:
            return
        series.flush(self)
        self.env.cr.execute(
            "UPDATE cooperative_membership SET cooperator_register_number = NULL "
            "WHERE id IN %s",
            (tuple(self.ids),),
        )
        series.invalidate(self, ["cooperator_register_number"])
