"""Tools to install, run, test and check the addon. Entry: ``./dev help``.

``places``, ``ui``, ``system``, ``environment`` and ``odoo_source`` run on a bare Python;
all others run in the virtual environment that these make.
"""
