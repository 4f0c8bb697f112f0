"""A sample of what can happen to a rollback between any two of its steps."""

from odoo.tests import tagged

from .any_moment import AnyMomentCase

# by moment, which is how many steps are done, or undone
FORWARDS = {
    1: "delete_job",
    4: "pay_right",
    8: "change_company",
    11: "cancel_right",
}
BACK = {2: "set_job_done", 6: "pay_wrong", 10: "take_away_rights"}


@tagged("post_install", "-at_install")
class TestAnyMoment(AnyMomentCase):
    """All acts at all moments are tried where all tests are, see ``setup/test``."""

    def test_forwards(self):
        self.check_moments(self.start(), FORWARDS)

    def test_back(self):
        self.check_moments(self.start_reverting(), BACK)

    def check_moments(self, rollback, names):
        self.check_each_moment(
            rollback, lambda moment: [names[moment]] if moment in names else []
        )
