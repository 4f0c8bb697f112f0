"""The register of operations as a ledger: plain Python that knows nothing of Odoo.

``operation``     what the register says, as frozen values
``holding``       what a partner has, as frozen values
``replay``           everyone's holding after the operations of a register
``numbering``        number pools: which numbers a correction frees, hands out and moves
``plan``          corrections and what they change, as frozen values
``planning``      how the one follows from the other
``plan_json``        a plan as a JSON text, and back
``request``       what makes operations, as frozen values
``linking``       which request made an operation, where nobody kept it
``communication`` which requests the communication of a payment names
``finding``       what is wrong or suspicious, as frozen values
``check``         what of that is found in the books
``list_diff``        what turns existing records into a planned list
"""
