"""The labels of a payment's journal items, which name the payer."""

from odoo.exceptions import UserError


class PaymentLabels:
    """Lets the labels that Odoo gave a payment's items follow its partner.

    Odoo writes them in the language of whoever registers the payment. A label that somebody
    has written stays, and so does the memo: nobody computes them anew.

    :param payment: ``account.payment`` before its partner is changed; can be empty
    """

    def __init__(self, payment):
        self.payment = payment
        self.languages = {}
        if not payment:
            return
        liquidity, counterpart, _write_off = payment._seek_for_lines()
        for language, _name in payment.env["res.lang"].get_installed():
            labels = self._compute(language)
            for place, item in enumerate((liquidity, counterpart)):
                if len(item) == 1 and item.name == labels.get(place):
                    self.languages.setdefault((place, item), language)

    def follow(self):
        """Give the items the labels of the payment's partner now."""
        for (place, item), language in self.languages.items():
            item.name = self._compute(language).get(place) or item.name

    def _compute(self, language):
        """The labels of the item on the bank's side and of the other one, by place."""
        payment = self.payment.with_context(lang=language)
        try:
            values = payment._prepare_move_line_default_vals()
        except UserError:
            # the journal's accounts have been removed since
            return {}
        return {place: one["name"] for place, one in enumerate(values[:2])}
