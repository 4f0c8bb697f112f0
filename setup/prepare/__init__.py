"""An Odoo to run on, made from package registries, below one ignored folder of the checkout.

`Environment` is the way in: it knows which Odoo is used, prepares what is missing, and
gives the commands, the databases and the servers that scripts, tests and the demo need.
"""
