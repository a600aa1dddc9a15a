"""Under which name does Django know the subscriptions?"""

from django.apps import AppConfig


class PushConfig(AppConfig):
    name = "assist.push"
    label = "push"
