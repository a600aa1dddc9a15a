"""Under which name does Django know the answers' tables?"""

from django.apps import AppConfig


class FeedbackConfig(AppConfig):
    name = "assist.feedback"
    label = "feedback"
