"""What the sentences of a rollback ask people to put right."""

from .acts import match_right, match_wrong
from .series import flush, invalidate


def put_right(case, rollback):
    """Take back what was done to the requests and the payments of a rollback.

    :param case: the test case, with what :class:`~.builders.Builders` has
    """
    lines = case.env["reconciliation.rollback.line"].browse(rollback.line_ids.ids)
    requests = lines.wrong_move_id | lines._get_all_right_moves()
    take_away(case, requests.reversal_move_id)
    for request in requests:
        others = case.matches_of(request).credit_move_id.move_id
        take_away(case, others - lines.payment_move_id)
    for move in requests | lines.payment_move_id:
        post(move)
    flush(case.env)
    invalidate(case.env)


def match_again(case, rollback):
    """Match the payment with the request that the rollback misses it on."""
    if rollback.revert_started_at:
        match_wrong(case, rollback)
    else:
        match_right(case, rollback)


def take_away(case, moves):
    """Take entries out of the books."""
    for move in moves.filtered(lambda move: move.state == "posted"):
        case.matches_of(move).unlink()
        move.button_draft()
        move.button_cancel()


def post(move):
    """Post an entry that is in draft or cancelled."""
    if move.state == "cancel":
        move.button_draft()
    if move.state == "draft":
        move.action_post()
