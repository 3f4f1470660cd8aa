"""Pages of trainings and certificates."""

from . import training
