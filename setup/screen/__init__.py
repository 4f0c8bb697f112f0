"""What a person sees of a running Odoo: its web client in a browser, and pictures of it."""
