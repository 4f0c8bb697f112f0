import json

from odoo import api, fields, models

EVIDENCE = "reconciliation.rollback.evidence"
PARTNER = "res.partner"


class ReconciliationRollbackFormerPartner(models.Model):
    """A contact that is no more: merged into another one, or deleted.

    What rollbacks have stored names partners by their ids, and is never rewritten, since
    hashes cover it. Whoever reads it asks here who they became. Odoo's merge also lets the
    rows of the evidence point to the contact that stays: which ones they were is kept, so
    that the hashes are computed over what was there.
    """

    _name = "reconciliation.rollback.former.partner"
    _description = "Contact that was merged or deleted"
    _order = "id"

    # an id, not a relation: the contact is gone
    former_id = fields.Integer(required=True, readonly=True, index=True)
    name = fields.Char(required=True, readonly=True)
    # a later merge of that one moves it on, as every relation
    partner_id = fields.Many2one(
        PARTNER, string="Merged into", readonly=True, ondelete="set null"
    )
    evidence = fields.Text(
        readonly=True, help="The rows of evidence that named the contact, by column."
    )

    @api.model
    def _get_survivors(self):
        """Who merged contacts became.

        :return: id by former id
        """
        # sudo: nobody has rights on these; ids are all that is told
        merged = self.sudo().search([("partner_id", "!=", False)])
        return {one.former_id: one.partner_id.id for one in merged}

    @api.model
    def _get_names(self, partners):
        """What contacts were called that are no more.

        :param partners: ids of some that do not exist
        :return: name by id, of those that are known
        """
        # sudo: as above; who may see a rollback may see whom it names
        gone = self.sudo().search([("former_id", "in", list(partners))])
        return {one.former_id: one.name for one in gone}

    @api.model
    def _keep(self, partners, survivor=None):
        """Keep what is needed of contacts that are about to go.

        :param partners: ``res.partner``
        :param survivor: the contact that they are merged into; nothing where deleted
        """
        # sudo: as above
        self.sudo().create(
            [
                {
                    "former_id": partner.id,
                    "name": partner.display_name,
                    "partner_id": survivor and survivor.id,
                    "evidence": survivor
                    and json.dumps(self._find_evidence(partner), sort_keys=True),
                }
                for partner in partners
            ]
        )

    @api.model
    def _get_evidence_columns(self):
        """The columns of evidence that name a contact, as pairs of model and field."""
        return [
            (name, field.name)
            for name in sorted(self.pool.descendants([EVIDENCE], "_inherit"))
            for field in self.env[name]._fields.values()
            if not self.env[name]._abstract and field.column_type
            if field.type == "many2one"
            and field.store
            and field.comodel_name == PARTNER
        ]

    @api.model
    def _find_evidence(self, partner):
        """The rows of evidence that name a contact.

        :return: ids by ``"model,field"``
        """
        found = {}
        for model, field in self._get_evidence_columns():
            # sudo: the evidence of all companies
            rows = self.env[model].sudo().search([(field, "=", partner.id)])
            if rows:
                found["%s,%s" % (model, field)] = rows.ids
        return found

    @api.model
    def _get_former(self, model, names):
        """Whom rows of a model named before contacts were merged.

        A contact that is still there was not merged, whatever a row here says.

        :param names: of the model's fields that are asked for
        :return: ``{(field, row id): former id}``
        """
        columns = set(self._get_evidence_columns()) & {(model, name) for name in names}
        if not columns:
            return {}
        # sudo: as above
        merged = self.sudo().search([("evidence", "!=", False)], order="id desc")
        there = self.env[PARTNER].browse(merged.mapped("former_id")).exists().ids
        former = {}
        # the first merge of several is the last to be read: before it all was as it was
        for one in merged.filtered(lambda one: one.former_id not in there):
            kept = json.loads(one.evidence)
            for _model, name in columns:
                for row in kept.get("%s,%s" % (model, name), ()):
                    former[name, row] = one.former_id
        return former
