"""What the register is called, and what its inspection shows, by country.

The sources are the laws on cooperatives or companies of each country: Belgium (CSA/WVV,
art. 6:24 ff.), Switzerland (OR 837), Germany (GenG §§ 30, 31), Spain (Ley 27/1999 and those
of the regions), France (C. com. R228-8). The articles of a cooperative may say more.
"""

from odoo import _

# where members may see each other's domicile
WITH_DOMICILE = ("BE", "CH", "DE")


class RegisterCountry:
    """The words of one country, in the language of an environment.

    :param company: ``res.company``, in the reader's environment
    """

    def __init__(self, company):
        self.env = company.env
        # sudo: whoever may see the register may see whose it is
        self.code = company.sudo().country_id.code

    @property
    def shows_domicile(self):
        """Whether members may see each other's domicile."""
        return self.code in WITH_DOMICILE

    def get_title(self):
        """Return what the register is called."""
        return {
            "BE": _("Register of shares"),
            "CH": _("List of cooperators"),
            "DE": _("List of members"),
            "ES": _("Book of members and contributions"),
            "FR": _("Register of movements of shares"),
            "NL": _("Register of members"),
        }.get(self.code, _("Register of operations"))
