"""Package the add-on for the Odoo series in ODOO_SERIES: 14.0 where that is not set."""

import os
import tempfile

import setuptools
from setuptools_odoo.core import prepare_odoo_addon

series = os.environ.get("ODOO_SERIES", "14.0")
keywords = prepare_odoo_addon(
    odoo_version_override=series, post_version_strategy_override="none"
)
if not keywords["version"].startswith(f"{series}."):
    keywords["version"] = f"{series}.{keywords['version']}"

with tempfile.TemporaryDirectory() as build:
    setuptools.setup(
        options={"build": {"build_base": build}, "egg_info": {"egg_base": build}},
        **keywords,
    )
