"""Which name does Django know the house itself by? It owns the commands and no tables."""

from django.apps import AppConfig


class AssistConfig(AppConfig):
    name = "assist"
    label = "assist"
