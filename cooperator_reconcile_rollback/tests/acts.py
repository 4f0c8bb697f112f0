"""What people do by hand beside a rollback, each as one function.

An act takes the test case, with what :class:`~.builders.Builders` has, and the rollback,
and does what Odoo's buttons do. It finds its records by the rollback's corrections. Odoo or
the add-on may refuse it: the act raises then.
"""

from .series import flush, invalidate


def _done(case):
    flush(case.env)
    invalidate(case.env)


def _lines(case, rollback):
    """The corrections, as the superuser sees them."""
    return case.env["reconciliation.rollback.line"].browse(rollback.line_ids.ids)


def _subscription(requests):
    return requests.subscription_request[:1]


# ------------------------------------------------------------------------- matches


def unmatch_wrong(case, rollback):
    """Remove the payments from the wrong requests: *Unreconcile*."""
    for request in _lines(case, rollback).wrong_move_id:
        case.matches_of(request).unlink()
    _done(case)


def unmatch_right(case, rollback):
    """Remove whatever pays the right requests."""
    for request in _lines(case, rollback)._get_all_right_moves():
        case.matches_of(request).unlink()
    _done(case)


def match_right(case, rollback):
    """Match the rollback's payments with the right requests by hand."""
    for line in _lines(case, rollback).filtered("right_move_id"):
        items = case.item_of(line.payment_move_id) | case.item_of(line.right_move_id)
        items.filtered(lambda item: not item.reconciled).reconcile()
    _done(case)


def match_wrong(case, rollback):
    """Match the rollback's payments with the wrong requests again."""
    for line in _lines(case, rollback).filtered("wrong_move_id"):
        items = case.item_of(line.payment_move_id) | case.item_of(line.wrong_move_id)
        items.filtered(lambda item: not item.reconciled).reconcile()
    _done(case)


# ------------------------------------------------------------------------ payments


def pay_right(case, rollback):
    """Pay the right request with another payment of its person."""
    request = _lines(case, rollback).right_move_id[:1]
    payment = case.pay(_subscription(request))
    _done(case)
    return payment


def pay_right_in_part(case, rollback):
    """Pay a part of the right request with another payment of its person."""
    request = _lines(case, rollback).right_move_id[:1]
    payment = case.pay(_subscription(request), amount=1)
    _done(case)
    return payment


def pay_wrong(case, rollback):
    """Pay the wrong request, which is open again, with a payment of its person."""
    request = _lines(case, rollback).wrong_move_id[:1]
    payment = case.pay(_subscription(request))
    _done(case)
    return payment


def draft_payment(case, rollback):
    """Take the payments back to draft, which removes their matches."""
    for move in _lines(case, rollback).payment_move_id:
        move.button_draft()
    _done(case)


# ------------------------------------------------------------------------ requests


def _cancel(case, requests):
    for request in requests:
        request.button_draft()
        request.button_cancel()
    _done(case)


def cancel_wrong(case, rollback):
    """Cancel the wrong requests, since nobody is going to pay them."""
    _cancel(case, _lines(case, rollback).wrong_move_id)


def cancel_right(case, rollback):
    """Cancel the right requests."""
    _cancel(case, _lines(case, rollback)._get_all_right_moves())


def draft_right(case, rollback):
    """Take the right requests back to draft."""
    for request in _lines(case, rollback)._get_all_right_moves():
        request.button_draft()
    _done(case)


def _refund(case, request):
    """*Add Credit Note*, which is matched with the request where it is open."""
    wizard = case.env["account.move.reversal"].with_context(
        active_model="account.move", active_ids=request.ids
    )
    wizard.create(
        {
            "refund_method": "cancel",
            "reason": "Nobody pays it",
            "journal_id": request.journal_id.id,
        }
    ).reverse_moves()


def refund_wrong(case, rollback):
    """Refund the wrong request."""
    _refund(case, _lines(case, rollback).wrong_move_id[:1])
    _done(case)


def refund_right(case, rollback):
    """Refund the right request."""
    _refund(case, _lines(case, rollback).right_move_id[:1])
    _done(case)


# -------------------------------------------------------------------------- people


def make_double(case, partner):
    """A second contact for the same person, as it comes from a mailing or a web shop."""
    return case.env["res.partner"].create(
        {
            "name": "%s bis" % partner.name,
            "email": partner.email,
            "company_id": False,
        }
    )


def merge(case, partners, into):
    """Merge contacts with Odoo's wizard; ``into`` stays."""
    wizard = case.env["base.partner.merge.automatic.wizard"]
    wizard.create(
        {
            "partner_ids": [(6, 0, (partners | into).ids)],
            "dst_partner_id": into.id,
        }
    ).action_merge()
    _done(case)
    return into


def _merge_into_double(case, partner):
    return merge(case, partner, make_double(case, partner))


def merge_wrong_person(case, rollback):
    """Merge the wrong person into a second contact of hers: her record goes."""
    return _merge_into_double(case, _lines(case, rollback).wrong_partner_id[:1])


def merge_right_person(case, rollback):
    """Merge the right person into a second contact of his: his record goes."""
    return _merge_into_double(case, _lines(case, rollback).right_partner_id[:1])


def merge_into_right_person(case, rollback):
    """Merge a second contact into the right person: his record stays."""
    partner = _lines(case, rollback).right_partner_id[:1]
    return merge(case, make_double(case, partner), partner)


def merge_both_people(case, rollback):
    """Merge the wrong person into the right one, who are the same after all."""
    lines = _lines(case, rollback)
    return merge(case, lines.wrong_partner_id[:1], lines.right_partner_id[:1])


# ---------------------------------------------------------------------------- mail


def _held_mails(case, rollback, choice=None):
    rows = case.env["reconciliation.rollback.mail"].browse(rollback.mail_ids.ids)
    if choice:
        rows = rows.filtered(lambda row: row.choice == choice)
    return rows.mail_id.filtered(lambda mail: mail.state == "rollback_held")


def delete_held_mail(case, rollback, choice=None):
    """Delete the held mails in Odoo's mail queue.

    :param choice: only those that are to be sent, or only those to be cancelled
    """
    _held_mails(case, rollback, choice).unlink()
    _done(case)


def cancel_held_mail(case, rollback, choice=None):
    """Cancel the held mails in Odoo's mail queue."""
    _held_mails(case, rollback, choice).cancel()
    _done(case)


def requeue_held_mail(case, rollback, choice=None):
    """Put the held mails back to *Outgoing* in Odoo's mail queue."""
    _held_mails(case, rollback, choice).mark_outgoing()
    _done(case)


#: All acts that can be done at any step, by name; each takes the case and the rollback.
ACTS = {
    act.__name__: act
    for act in (
        unmatch_wrong,
        unmatch_right,
        match_right,
        match_wrong,
        pay_right,
        pay_right_in_part,
        pay_wrong,
        draft_payment,
        cancel_wrong,
        cancel_right,
        draft_right,
        refund_wrong,
        refund_right,
        merge_wrong_person,
        merge_right_person,
        merge_into_right_person,
        merge_both_people,
        delete_held_mail,
        cancel_held_mail,
        requeue_held_mail,
    )
}
