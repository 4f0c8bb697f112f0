"""Operations that a tax shelter certificate has told the tax office about."""

import unittest

from odoo import fields
from odoo.tests import tagged

from .borrowed_models import BorrowedModels
from .builders import BRUNO
from .common import MistakeCase


@tagged("post_install", "-at_install")
class TestTaxShelter(MistakeCase):
    """With ``l10n_be_cooperator``: what was certified is not rolled back.

    That module needs others (a website among them) that no cooperative needs for this,
    so its own models are loaded without installing it.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        if "tax.shelter.certificate" not in cls.env:
            cls.load_models()

    @classmethod
    def load_models(cls):
        try:
            from odoo.addons.l10n_be_cooperator import models
        except ImportError as error:
            raise unittest.SkipTest("l10n_be_cooperator is not there") from error
        declaration = models.tax_shelter_declaration
        # 16.0 has a file for each of them
        certificate = getattr(models, "tax_shelter_certificate", declaration)
        line = getattr(models, "tax_shelter_certificate_line", declaration)
        borrowed = BorrowedModels(
            cls.env,
            "l10n_be_cooperator",
            (
                declaration.TaxShelterDeclaration,
                certificate.TaxShelterCertificate,
                line.TaxShelterCertificateLine,
            ),
        )
        cls.addClassCleanup(borrowed.give_back)

    def declare(self):
        """The year's declaration with a certificate for each member, not sent yet."""
        today = fields.Date.today()
        model = self.env["tax.shelter.declaration"]
        values = {
            "name": str(today.year),
            "fiscal_year": str(today.year + 1),
            "date_from": today.replace(month=1, day=1),
            "date_to": today.replace(month=12, day=31),
            "month_from": "January",
            "month_to": "December",
            "tax_shelter_percentage": "45",
            "tax_shelter_type": "start_up_micro",
            "tax_shelter_capital_limit": 500000,
            "company_id": self.company.id,
        }
        declaration = model.create(
            {
                name: value
                for name, value in values.items()
                if name in model._fields and not model._fields[name].related
            }
        )
        declaration.compute_declaration()
        return declaration

    def test_certified_operation(self):
        """The refusal names the person and the operation."""
        self.declare().validate_declaration()
        self.assertRefused(
            f"(?s)(?=.*{self.alice.partner_id.name})(?=.*1002)",
            self.draft_rollback,
            self.request,
        )

    def test_computed_only(self):
        """A declaration that nobody has validated yet can be computed again."""
        declaration = self.declare()
        rollback = self.roll_back(self.request, self.bruno)
        self.assertRegex(
            rollback.warnings,
            f"declaration {declaration.name} .*1002.*{self.alice.partner_id.name}",
        )
        self.assertMember(self.bruno.partner_id, 502, [(self.share_y, 3)])

    def test_operation_of_this_year(self):
        """Certificates of another operation say nothing about this one."""
        self.declare().validate_declaration()
        clara = self.subscribe(BRUNO, 1, self.share_x, partner=self.bruno.partner_id)
        self.pay(clara)
        self.roll_back(clara.capital_release_request)
        self.assertCandidate(self.bruno.partner_id)
