"""The register of operations as a ledger: plain Python that knows nothing of Odoo.

``operation``     what the register says, as frozen values
``holding``       what a partner has, as frozen values
``replay``        what the register's operations make of the holdings
``numbering``     which numbers a correction frees and takes
``plan``          what a set of corrections changes
``arrangement``   how records that exist are brought to a planned list
"""
