"""Under which name does Django know the history's tables?"""

from django.apps import AppConfig


class RecordsConfig(AppConfig):
    name = "assist.records"
    label = "records"
