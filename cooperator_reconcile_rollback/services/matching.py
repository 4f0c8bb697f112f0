"""Matching a payment with a request for an amount, where Odoo matches all it can."""


def match_amount(item, request_items, amount):
    """Match a payment's journal item with a request's for an amount, or for what is open.

    Where Odoo would match more, the match is made without it: it leaves item and request
    open, so nothing follows from it.

    :param item: ``account.move.line`` of the payment
    :param request_items: ``account.move.line`` of the request; several for instalments
    :param amount: in the company's currency
    :return: the amount that was matched
    :raises UserError: Odoo refuses the match
    """
    open_items = request_items.filtered(lambda i: not i.reconciled)
    possible = min(_get_open(item), sum(map(_get_open, open_items)))
    currency = item.company_currency_id
    if item.reconciled or currency.compare_amounts(amount, 0.0) <= 0 or not open_items:
        return 0.0
    if currency.compare_amounts(amount, possible) >= 0:
        (item | open_items).reconcile()
        return possible
    left = amount
    for request_item in open_items.sorted(lambda i: (i.date_maturity or i.date, i.id)):
        part = min(left, _get_open(request_item))
        if currency.compare_amounts(part, 0.0) > 0:
            _match_part(item, request_item, part)
            left -= part
    return amount


def _match_part(item, request_item, amount):
    """Match two items for an amount that item and request are both open for."""
    if not item.company_currency_id.compare_amounts(
        amount, min(_get_open(item), _get_open(request_item))
    ):
        (item | request_item).reconcile()
        return
    item.env["account.partial.reconcile"].create(
        {
            "debit_move_id": request_item.id,
            "credit_move_id": item.id,
            "amount": amount,
            "debit_amount_currency": _convert(request_item, amount),
            "credit_amount_currency": _convert(item, amount),
        }
    )


def _get_open(item):
    return abs(item.amount_residual)


def _convert(item, amount):
    """A part of an item in the currency of the item, which may be another."""
    currency = item.currency_id or item.company_currency_id
    share = amount / _get_open(item)
    return currency.round(abs(item.amount_residual_currency) * share)
