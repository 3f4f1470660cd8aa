"""Tools to install, run, test and check the addon. Entry: ``./dev help``.

``commands`` lists them. It, ``places``, ``locks``, ``ui``, ``system``, ``environment`` and
``odoo_source`` run on a bare Python; all others in the environment that these make.
"""
