"""The register of operations as a ledger: plain Python that knows nothing of Odoo.

Values, all frozen:

``operation``         what the register says
``holding``           what a partner has
``request``           what makes operations
``plan``              corrections, and what they change
``finding``           what is wrong or suspicious in the books

From a register and corrections to a plan:

``replay``            everyone's holding after the operations of a register
``related_partners``  whose holdings depend on whose
``numbering``         number pools: which numbers are freed, handed out and moved
``removal``           a register without the wrong operations
``number_assignment`` the numbers of the right operations and of their partners
``outcome``           what a set of corrections comes to
``plan_description``  an outcome as a plan
``planning``          all of it in one function

What is kept:

``stored_json``       JSON texts with a version, read by every later release
``plan_json``         a plan as such a text
``row_difference``    what undoes the changes of a table's rows
``hash_chain``        hashes that show whether a record was changed

From the books to findings:

``linking``           which request made an operation, if no link was kept
``communication``     which requests the communication of a payment names
``check``             what is wrong or suspicious, a file in ``checks/`` for each subject

``list_diff``         what turns existing records into a planned list
"""
