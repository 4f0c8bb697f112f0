"""The register of operations as a ledger: plain Python that knows nothing of Odoo.

``operation``     what the register says, as frozen values
``holding``       what a partner has, as frozen values
``replay``        what the register's operations make of the holdings
``numbering``     which numbers a correction frees, takes and moves
``plan``          corrections and what they change, as frozen values
``planning``      how the one follows from the other
``record``        a plan as a text, and back
``request``       what makes operations, as frozen values
``linking``       which request made an operation, where cooperator kept no link
``communication`` which requests the communication of a payment names
``finding``       what is wrong or suspicious, as frozen values
``check``         finds it in the books, with one file of ``checks/`` for each subject
``arrangement``   how records that exist are brought to a planned list
"""
