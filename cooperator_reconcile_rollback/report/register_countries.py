"""What the register is called, and what its inspection shows, by country.

The sources are the laws on cooperatives or companies of each country: Belgium (CSA/WVV,
art. 6:24 ff.), Switzerland (OR 837), Germany (GenG §§ 30, 31), Spain (Ley 27/1999 and those
of the regions), France (C. com. R228-8). The articles of a cooperative may say more.
"""

from odoo import _

# where members may see each other's domicile
WITH_DOMICILE = ("BE", "CH", "DE")


def get_title(code):
    """Return what the register is called in a country.

    :param code: of ``res.country``
    """
    return {
        "BE": _("Register of shares"),
        "CH": _("List of cooperators"),
        "DE": _("List of members"),
        "ES": _("Book of members and contributions"),
        "FR": _("Register of movements of shares"),
        "NL": _("Register of members"),
    }.get(code, _("Register of operations"))
