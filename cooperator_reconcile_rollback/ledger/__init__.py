"""The register of operations as a ledger: plain Python that knows nothing of Odoo.

Values, all frozen:

``operation``         what the register says
``holding``           what a partner has
``opening``           what a partner has that no operation gave
``request``           what makes operations
``plan``              corrections, and what they change
``finding``           what is wrong or suspicious in the books

From a register and corrections to a plan:

``begun_by_hand``     the register as if nobody had begun to correct it by hand
``replay``            everyone's holding after the operations of a register
``opening_search``    what partners have beyond their operations
``related_partners``  whose holdings depend on whose
``numbering``         number pools: which numbers are freed, handed out and moved
``removal``           a register without the wrong operations
``number_assignment`` the numbers of the right operations and of their partners
``kept_holding``      a change carried over to a holding that nothing explains
``outcome``           what a set of corrections comes to
``plan_description``  an outcome as a plan
``planning``          all of it in one function
``effects``           what a plan changes of the shares issued at the ends of past years

Who pays what:

``paying``            payments over requests, and what of them is booked over

What is kept:

``stored_json``       JSON texts with a version, read by every later release
``plan_json``         a plan as such a text
``merged_partners``   a plan after partners in it were merged
``register_memory``   what has happened to the register since it was looked at last
``row_difference``    what undoes the changes of a table's rows
``hash_chain``        hashes that show whether a record was changed
``evidence_chain``    numbered links through all of a company's evidence, and their head

From the books to findings:

``linking``           which request made an operation, if no link was kept
``communication``     which requests the communication of a payment names
``check``             what is wrong or suspicious, a file in ``checks/`` for each subject

``list_diff``         what turns existing records into a planned list
"""
