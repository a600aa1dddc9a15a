"""Under which name does Django know the people's tables?"""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "assist.accounts"
    label = "accounts"
