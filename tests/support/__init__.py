"""What tests on a running Odoo work with: a case, a mail server, windows of a browser."""
