"""What tests on a running Odoo work with: a case, a mail server, a browser."""
