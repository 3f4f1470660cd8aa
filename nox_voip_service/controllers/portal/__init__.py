"""Asking for something new."""

from . import service_request
